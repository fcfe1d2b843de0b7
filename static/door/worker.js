// Keeps the desks' own pages, scripts and lists of tickets, so that a reload without network works.
// The network goes first; only what it cannot give comes from here. Nothing else is kept.
const NAME = "door-1";
const PATIENCE = 6000; // ms: a venue's network often hangs rather than fails
const MOST = 60;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(cleaned().then(() => clients.claim())));
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(keptFirst(request));
  else if (isDesk(url) && request.mode === "navigate") event.respondWith(networkFirst(request, deskOf(url)));
  else if (url.pathname.endsWith("/tickets.json")) event.respondWith(networkFirst(request, url.pathname));
});
// Whoever signs out leaves nothing behind but scans that were not sent.
addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.delete(NAME));
});

async function cleaned() {
  for (const name of await caches.keys()) if (name.startsWith("door-") && name !== NAME) await caches.delete(name);
}

function isDesk(url) {
  return /^\/door\/[a-z0-9-]+\/[a-z0-9-]+\/$/.test(url.pathname);
}

// One page a desk: without the result of a scan, which names somebody.
function deskOf(url) {
  return `${url.pathname}?desk=${url.searchParams.get("desk") ?? "1"}`;
}

async function keptFirst(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await keep(cache, request.url, answer.clone());
  return answer;
}

async function networkFirst(request, key) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    const url = new URL(request.url);
    const shows = url.searchParams.has("result") || url.searchParams.has("walk_in");
    if (answer.ok && !answer.redirected && !shows) await keep(cache, key, answer.clone());
    if (answer.redirected || [401, 403, 404].includes(answer.status)) await cache.delete(key);
    return answer;
  } catch (fault) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw fault;
  }
}

async function keep(cache, key, answer) {
  await cache.put(key, answer);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
}
