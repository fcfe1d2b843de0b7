// Whoever signs out, or is asked to sign in, leaves no kept pages of a desk on this device. Scans that
// were not sent are no pages: they stay until the server has them.
const registration = await navigator.serviceWorker?.getRegistration("/door/");
(registration?.active ?? registration?.waiting)?.postMessage("forget");
