// The desk with scripts: scans are saved on the device, sent, and shown as the server judges them.
// The device holds no rules. Without this file every button of the page works all the same.
const desk = document.getElementById("desk");
const by = (id) => document.getElementById(id);
const words = desk.dataset;
const [{ ScanQueue, pause, isTicket }, { openStore }, { Advice }] = await Promise.all([
  import(words.queue),
  import(words.store),
  import(words.advice),
]);
const LIST_EVERY = 60_000; // ms

let failures = 0;
let timer = 0;
let synced = "";
let reason = "";

async function send(scans) {
  const response = await fetch(words.scans, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": words.token },
    body: JSON.stringify({ device: words.device, device_time: new Date().toISOString(), scans }),
    signal: AbortSignal.timeout(20_000),
  });
  if (response.redirected) throw Object.assign(new Error("signed out"), { status: 401 });
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  const answer = await response.json();
  show(answer);
  return answer;
}

const queue = new ScanQueue({ store: await openStore(words.session), send });
const advice = new Advice();

// The worker gives the last list it kept when there is no network.
async function fetchList() {
  try {
    const answer = await fetch(words.tickets, { signal: AbortSignal.timeout(20_000) });
    if (answer.ok && !answer.redirected) advice.take(await answer.json());
  } catch {
    // the list we have, if any, stays
  }
}

function show(answer) {
  by("result").innerHTML = answer.result;
  by("last").innerHTML = answer.last;
  by("inside").textContent = answer.inside;
}

async function tell() {
  const { waiting, kept } = await queue.count();
  const off = failures > 0 || !navigator.onLine;
  const parts = [];
  if (waiting) parts.push(waiting === 1 ? words.one : words.waiting.replace("{number}", waiting));
  else if (!off && synced) parts.push(words.synced.replace("{time}", synced));
  if (kept) parts.push(words.kept.replace("{number}", kept));
  if (reason) parts.push(reason);
  by("line").classList.toggle("desk__line--off", off || kept > 0);
  by("line").querySelector("use").setAttribute(
    "href", by("line").querySelector("use").getAttribute("href").replace(/#.*/u, off ? "#triangle" : "#tick"),
  );
  by("line-word").textContent = off ? words.offline : words.online;
  by("line-more").textContent = parts.length ? `· ${parts.join(" · ")}` : "";
}

async function sync() {
  clearTimeout(timer);
  try {
    await queue.sync();
    failures = 0;
    reason = "";
    synced = new Date().toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: words.zone,
    });
  } catch (fault) {
    failures += 1;
    reason = [401, 403].includes(fault.status) ? words.again : "";
    timer = setTimeout(sync, pause(failures));
  }
  await tell();
}

async function scan(ticket) {
  await queue.add({ ticket });
  await tell();
  await sync();
  const panel = await advice.panel(ticket); // also when online: the next scan may not be
  if (!failures) return;
  if (panel) by("result").innerHTML = panel;
  else say(words.saved, words.later);
}

function say(word, why) {
  const panel = document.createElement("div");
  panel.className = "result";
  for (const [name, text] of [["word", word], ["why", why]]) {
    const line = document.createElement("p");
    line.className = name;
    line.textContent = text;
    panel.append(line);
  }
  by("result").replaceChildren(panel);
}

// A USB scanner types the code and ends the line: the form is sent by itself.
by("ask").addEventListener("submit", (event) => {
  const text = by("text").value.trim();
  const offline = failures > 0 || !navigator.onLine;
  if (!isTicket(text) && !offline) return; // the server finds names
  event.preventDefault();
  by("text").value = "";
  if (isTicket(text)) scan(text);
  else if (text) say(words.offline, words.names);
});

if (navigator.mediaDevices?.getUserMedia) {
  by("camera").hidden = false;
  by("camera-start").addEventListener("click", async () => {
    by("camera-start").hidden = true;
    by("camera").classList.add("camera--on");
    by("camera-word").textContent = "";
    try {
      const { watch } = await import(words.camera);
      await watch({
        video: by("video"),
        paths: { detector: words.detector, wasm: words.wasm },
        found: scan,
      });
    } catch {
      by("camera").classList.remove("camera--on");
      by("camera-word").textContent = words.nocamera;
      by("camera-start").hidden = false;
    }
  });
}

addEventListener("online", sync);
addEventListener("offline", tell);
navigator.serviceWorker?.register(words.worker, { scope: "/door/" }).catch(() => {});
await fetchList();
setInterval(fetchList, LIST_EVERY);
await sync();
