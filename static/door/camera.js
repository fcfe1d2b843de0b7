// Reads QR codes from the camera: by the browser's own reader where it has one, else ZXing's.
const EVERY = 150; // ms between looks
const SAME = 4000; // ms in which the same code is one scan

export async function readerFor({ detector, wasm }) {
  if ("BarcodeDetector" in window) {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    if (formats.includes("qr_code")) return new window.BarcodeDetector({ formats: ["qr_code"] });
  }
  const { BarcodeDetector, prepareZXingModule } = await import(detector);
  prepareZXingModule({ overrides: { locateFile: () => new URL(wasm, location.href).href } });
  return new BarcodeDetector({ formats: ["qr_code"] });
}

export async function watch({ video, paths, found }) {
  const reader = await readerFor(paths);
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  let last = "";
  let seen = 0;
  const look = async () => {
    if (!stream.active) return;
    if (!document.hidden && video.readyState >= 2) {
      const codes = await reader.detect(video).catch(() => []);
      for (const { rawValue } of codes) {
        if (rawValue === last && performance.now() - seen < SAME) continue;
        [last, seen] = [rawValue, performance.now()];
        await found(rawValue);
      }
    }
    setTimeout(look, EVERY);
  };
  look();
  return () => stream.getTracks().forEach((track) => track.stop());
}
