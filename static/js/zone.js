// Offers the device's time zone and language as links; it never chooses for anybody.
const place = document.querySelector("[data-offer]");

function address(name, value) {
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  return url.href;
}

function offer(text, href, lang) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  if (lang) link.lang = lang;
  place.append(link);
  place.hidden = false;
}

if (place) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shown = place.dataset.zone || "UTC"; // without a zone the page shows UTC
  if (zone && zone !== shown) {
    const city = zone.split("/").pop().replaceAll("_", " ");
    offer(place.dataset.zoneText.replace("{zone}", city), address("tz", zone));
  }
  const tongue = (navigator.language || "").split("-")[0];
  const spoken = document.documentElement.lang.split("-")[0];
  const other = document.querySelector(`.mast__lang a[hreflang^="${CSS.escape(tongue)}"]`);
  if (tongue && tongue !== spoken && other) {
    offer(other.textContent, address("lang", other.hreflang), other.lang);
  }
}
