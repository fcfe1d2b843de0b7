// A live page: asks for its live document, renews what changed, runs the clock by the server's time.

const page = document.querySelector("[data-live-page]");
const address = page.dataset.livePage;
const HIDDEN_SECONDS = 15;
const PATIENCE_MS = 8000;

let offset = null; // milliseconds to add to this device's clock
let etag = null;
let revision = Number(page.dataset.revision);
let lastTouch = Date.now();
let timer = 0;
let failures = 0;
let told = new Map(); // which minutes of which end were said
let kept = regions(document); // each region as the server sent it

function now() {
  return Date.now() + (offset ?? 0);
}

function regions(from) {
  return new Map([...from.querySelectorAll("[data-live]")].map((each) => [each.dataset.live, each.outerHTML]));
}

// --- The document ---------------------------------------------------------------------------------

async function poll() {
  clearTimeout(timer);
  let seconds = 3;
  try {
    const sent = Date.now();
    const headers = etag ? { "If-None-Match": etag } : {};
    const answer = await fetch(address, { headers, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
    setClock(Number(answer.headers.get("X-Server-Time")), sent, Date.now());
    if (answer.status === 200) {
      const state = await answer.json();
      const changed = state.revision !== revision;
      etag = answer.headers.get("ETag");
      if (changed) await renew();
      revision = state.revision;
      seconds = state.poll_seconds;
      poll.seconds = seconds;
    }
    seconds = poll.seconds ?? seconds;
    failures = 0;
    touched();
  } catch {
    failures += 1;
    lost();
    seconds = Math.min(3 * failures, 10);
  }
  if (seconds > 0) {
    if (document.hidden) seconds = HIDDEN_SECONDS;
    timer = setTimeout(poll, seconds * 1000 * (0.8 + Math.random() * 0.4));
  }
}

// The answer was made between sending and receiving; a slow one says less than a quick one.
let best = Infinity;
function setClock(server, sent, received) {
  if (!Number.isFinite(server) || server === 0) return;
  const trip = received - sent;
  const found = server + trip / 2 - received;
  if (offset === null || trip <= best + 50 || Math.abs(found - offset) > 1000 + trip) {
    offset = found;
    best = trip;
  }
}

function touched() {
  lastTouch = Date.now();
  for (const each of document.querySelectorAll("[data-lost]")) each.hidden = true;
}

function lost() {
  const since = new Date(lastTouch).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", numberingSystem: "latn" });
  for (const each of document.querySelectorAll("[data-lost]")) {
    const words = each.dataset.lost.replace("{time}", since);
    if (each.textContent !== words) each.textContent = words;
    each.hidden = false;
  }
}

// --- What changed ---------------------------------------------------------------------------------

async function renew() {
  const here = new URL(location.href);
  here.searchParams.delete("said");
  const answer = await fetch(here, { cache: "no-cache", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = regions(fresh);
  const names = [...found.keys()].join();
  if (names !== [...kept.keys()].join() && !typing(page)) {
    const whole = fresh.querySelector("[data-live-page]");
    const head = fresh.querySelector(".live-head");
    if (head) swap(document.querySelector(".live-head"), head);
    page.replaceChildren(...document.adoptNode(whole).childNodes);
    kept = found;
  } else {
    for (const [name, html] of found) {
      const old = document.querySelector(`[data-live="${CSS.escape(name)}"]`);
      if (!old || kept.get(name) === html || typing(old)) continue;
      swap(old, fresh.querySelector(`[data-live="${CSS.escape(name)}"]`));
      kept.set(name, html);
    }
  }
  tick();
}

function typing(region) {
  const at = document.activeElement;
  if (region.contains(at) && at.matches("input:not([type=hidden]), textarea, select")) return true;
  return [...region.querySelectorAll("textarea, input, select")].some((each) => {
    if (each.type === "hidden" || each.disabled) return false;
    if (each.type === "radio" || each.type === "checkbox") return each.checked !== each.defaultChecked;
    if (each.tagName === "SELECT") return [...each.options].some((o) => o.selected !== o.defaultSelected && o.defaultSelected);
    return each.value !== each.defaultValue;
  });
}

function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const again = focused?.id ? `#${CSS.escape(focused.id)}` : focused?.dataset?.key ? `[data-key="${CSS.escape(focused.dataset.key)}"]` : null;
  const open = [...old.querySelectorAll("details")].map((each) => each.open);
  const next = document.adoptNode(fresh);
  old.replaceWith(next);
  next.querySelectorAll("details").forEach((each, at) => { if (open[at]) each.open = true; });
  if (again) (next.querySelector(again) ?? next).focus?.({ preventScroll: true });
}

// --- The clock ------------------------------------------------------------------------------------

function tick() {
  if (offset === null) return;
  for (const each of document.querySelectorAll("[data-until]")) {
    const left = Math.ceil((Date.parse(each.dataset.until) - now()) / 1000);
    const words = clockWords(left);
    if (each.textContent !== words) each.textContent = words;
    each.hidden = false;
  }
  for (const bar of document.querySelectorAll("[data-bar-until]")) {
    const left = (Date.parse(bar.dataset.barUntil) - now()) / 1000 / Number(bar.dataset.barSeconds);
    bar.setAttribute("width", `${(Math.max(0, Math.min(1, left)) * 100).toFixed(1)}%`);
  }
  for (const each of document.querySelectorAll("[data-phase-until]")) {
    const left = (Date.parse(each.dataset.phaseUntil) - now()) / 1000;
    const words = left <= 0 ? each.dataset.over : left < 60 ? each.dataset.last : each.dataset.running;
    if (each.textContent !== words) each.textContent = words;
  }
  for (const each of document.querySelectorAll("[data-since]")) {
    const whole = Math.max(0, Math.floor((now() - Date.parse(each.dataset.since)) / 1000));
    if (whole < 3600) {
      const words = `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
      if (each.textContent !== words) each.textContent = words;
    }
  }
  for (const each of document.querySelectorAll("[data-announce]")) announce(each);
}

function clockWords(left) {
  const whole = Math.abs(left);
  return `${left < 0 ? "−" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function announce(region) {
  const end = region.dataset.announce;
  const left = Math.ceil((Date.parse(end) - now()) / 1000);
  const due = [0, 60, 120, 300].find((mark) => left <= mark && left > mark - 5);
  if (due === undefined || told.get(end) === due) return;
  told.set(end, due);
  region.textContent = region.getAttribute(`data-at-${due}`);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
addEventListener("online", poll);
setInterval(tick, 250);
poll();
