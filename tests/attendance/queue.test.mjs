// What `static/door/queue.js` promises, run by Node's own test runner.
import test from "node:test";
import assert from "node:assert/strict";

const { ScanQueue, pause, isTicket } = await import(process.env.QUEUE);

function desk({ send, scans = 0 } = {}) {
  const stored = new Map();
  const store = {
    set: async (key, value) => void stored.set(key, structuredClone(value)),
    delete: async (key) => stored.delete(key),
    values: async () => [...stored.values()],
  };
  let number = 0;
  const options = {
    store,
    send,
    now: () => new Date(Date.UTC(2028, 9, 10, 16, 0, number)),
    uuid: () => `id-${String(++number).padStart(4, "0")}`,
  };
  return { stored, queue: new ScanQueue(options), options };
}

const answer = (scans) => ({ verdicts: Object.fromEntries(scans.map(({ id }) => [id, { verdict: "welcome" }])) });
const refused = (status) => Object.assign(new Error("refused"), { status });

test("a scan is saved before anything is sent", async () => {
  const { queue, stored } = desk({ send: () => Promise.reject(new Error("offline")) });
  await queue.add({ ticket: "A" });
  await assert.rejects(queue.sync());
  assert.deepEqual([...stored.values()], [
    { kind: "in", ticket: "A", id: "id-0001", scanned_at: "2028-10-10T16:00:01.000Z" },
  ]);
  assert.deepEqual(await queue.count(), { waiting: 1, kept: 0 });
});

test("what the server answered for is forgotten, and nothing else", async () => {
  const { queue, stored } = desk({ send: async (scans) => answer(scans.slice(0, 1)) });
  for (const ticket of ["A", "B", "C"]) await queue.add({ ticket });
  const told = await queue.sync();
  assert.deepEqual(Object.keys(told), ["id-0001", "id-0002", "id-0003"]);
  assert.equal(stored.size, 0);
});

test("an answer without verdicts forgets nothing", async () => {
  const { queue, stored } = desk({ send: async () => ({ ok: true }) });
  await queue.add({ ticket: "A" });
  await assert.rejects(queue.sync());
  assert.equal(stored.size, 1);
});

test("scans survive a closed tab and are sent in the order of scanning", async () => {
  const first = desk({ send: () => Promise.reject(new Error("offline")) });
  for (const ticket of ["A", "B"]) await first.queue.add({ ticket });
  const seen = [];
  const again = new ScanQueue({
    ...first.options,
    send: async (scans) => (seen.push(...scans.map((scan) => scan.ticket)), answer(scans)),
  });
  await again.sync();
  assert.deepEqual(seen, ["A", "B"]);
  assert.equal(first.stored.size, 0);
});

test("a lost answer sends the same ids again", async () => {
  const seen = [];
  let lost = true;
  const { queue, stored } = desk({
    send: async (scans) => {
      seen.push(scans.map((scan) => scan.id));
      if (lost) throw ((lost = false), new Error("connection reset"));
      return answer(scans);
    },
  });
  await queue.add({ ticket: "A" });
  await assert.rejects(queue.sync());
  await queue.sync();
  assert.deepEqual(seen, [["id-0001"], ["id-0001"]]);
  assert.equal(stored.size, 0);
});

for (const status of [400, 413, 422]) {
  test(`one scan that is refused with ${status} is kept apart and the others go on`, async () => {
    const { queue, stored } = desk({
      send: async (scans) => {
        if (scans.some((scan) => scan.ticket === "bad")) throw refused(status);
        return answer(scans);
      },
    });
    for (const ticket of ["A", "B", "bad", "C", "D"]) await queue.add({ ticket });
    const told = await queue.sync();
    assert.equal(Object.keys(told).length, 4);
    assert.deepEqual([...stored.values()].map(({ ticket, refused }) => [ticket, refused]), [["bad", status]]);
    assert.deepEqual(await queue.count(), { waiting: 0, kept: 1 });
  });
}

for (const status of [401, 403, 404, 409, 429, 500, 503, undefined]) {
  test(`nothing is lost when all is refused with ${status}`, async () => {
    const { queue, stored } = desk({ send: () => Promise.reject(refused(status)) });
    for (const ticket of ["A", "B", "C"]) await queue.add({ ticket });
    await assert.rejects(queue.sync());
    assert.equal(stored.size, 3);
    assert.deepEqual(await queue.count(), { waiting: 3, kept: 0 });
  });
}

test("two calls at once send a scan once", async () => {
  let sent = 0;
  const { queue } = desk({ send: async (scans) => ((sent += scans.length), answer(scans)) });
  await queue.add({ ticket: "A" });
  await Promise.all([queue.sync(), queue.sync()]);
  assert.equal(sent, 1);
});

test("200 scans leave in batches of 100", async () => {
  const sizes = [];
  const { queue, stored } = desk({ send: async (scans) => (sizes.push(scans.length), answer(scans)) });
  for (let number = 0; number < 200; number++) await queue.add({ ticket: "A" });
  await queue.sync();
  assert.deepEqual(sizes, [100, 100]);
  assert.equal(stored.size, 0);
});

test("the pause doubles up to half a minute", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 50].map(pause), [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test("a ticket is told from a name", () => {
  for (const text of ["7KQ4Z-0M1XR", "7kq4z0m1xr", " 7KQ4Z\u20110M1XR ", "https://x.example/t/AAAAAAAAAAAAAAAAAAAAAA"]) {
    assert.equal(isTicket(text), true, text);
  }
  for (const text of ["Maria Blank", "Ünal", "", "علي حسن", "12"]) assert.equal(isTicket(text), false, text);
});
