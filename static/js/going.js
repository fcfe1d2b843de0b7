// Work that goes on in the background: asks how far it is, and shows the page anew at its end.

const SECONDS = 1.5;
const region = document.querySelector("[data-going]");

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-going]");
    if (!fresh || heading(fresh) !== heading(region)) return location.reload(); // the rest changed, too
    show(fresh);
  } catch {
    // no connection: what is shown stays, and is asked for again
  }
  setTimeout(look, SECONDS * 1000);
}

function heading(of) {
  return of.querySelector("h2").textContent;
}

function show(fresh) {
  const words = region.querySelector("[data-going-words]");
  const said = fresh.querySelector("[data-going-words]").textContent;
  if (words.textContent !== said) words.textContent = said; // a screen reader speaks what changes
  const bar = fresh.querySelector("progress");
  region.querySelector("progress").value = bar.value;
  region.querySelector(".fig").textContent = fresh.querySelector(".fig").textContent;
}

setTimeout(look, SECONDS * 1000);
