// Scans wait here until the server has them. `store` is IndexedDB in the browser and a Map in
// tests; `send` posts a batch to …/scans and throws an error with `.status` where it was refused.
export class ScanQueue {
  constructor({ store, send, now = () => new Date(), uuid = () => crypto.randomUUID(), most = 100 }) {
    Object.assign(this, { store, send, now, uuid, most });
    this.running = null;
  }

  // Save first: nothing that fails later can lose a scan.
  async add(scan) {
    const saved = { kind: "in", ...scan, id: this.uuid(), scanned_at: this.now().toISOString() };
    await this.store.set(saved.id, saved);
    return saved;
  }

  // How many wait, and how many the server cannot read.
  async count() {
    const all = [...(await this.store.values())];
    const kept = all.filter((scan) => scan.refused).length;
    return { waiting: all.length - kept, kept };
  }

  // Send all that waits, in the order of scanning; two calls at once are one.
  sync() {
    this.running ??= this.sendAll().finally(() => (this.running = null));
    return this.running;
  }

  async sendAll() {
    const told = {};
    for (;;) {
      const waiting = [...(await this.store.values())]
        .filter((scan) => !scan.refused && !(scan.id in told))
        .sort((a, b) => (a.scanned_at < b.scanned_at ? -1 : a.scanned_at > b.scanned_at ? 1 : 0));
      if (waiting.length === 0) return told;
      Object.assign(told, await this.sendSome(waiting.slice(0, this.most)));
    }
  }

  // Forget only what the server has answered for. A batch it cannot read is halved until the one
  // bad scan is found: that one is kept apart and the others go on.
  async sendSome(batch) {
    let answer;
    try {
      answer = await this.send(batch);
    } catch (fault) {
      if (![400, 413, 422].includes(fault.status)) throw fault;
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        return {
          ...(await this.sendSome(batch.slice(0, half))),
          ...(await this.sendSome(batch.slice(half))),
        };
      }
      await this.store.set(batch[0].id, { ...batch[0], refused: fault.status });
      return {};
    }
    const verdicts = answer?.verdicts ?? {};
    if (!batch.some((scan) => scan.id in verdicts)) throw new Error("no verdicts");
    for (const scan of batch) if (scan.id in verdicts) await this.store.delete(scan.id);
    return verdicts;
  }
}

// How long to wait before trying again: 1, 2, 4 … 30 seconds.
export function pause(failures) {
  return Math.min(1000 * 2 ** Math.max(failures - 1, 0), 30_000);
}

// Whether a text is a ticket rather than a name, as far as a device needs to know: the server
// judges. An address, or ten letters and digits with at least one digit among them.
export function isTicket(text) {
  const squeezed = text.replace(/[\s\u00ad\u200b-\u200f\u2010-\u2015\u2212\ufe58\ufe63\uff0d\ufeff-]/gu, "");
  return /\/[\w-]{22}\/?$/u.test(text.trim()) || (/^[0-9a-z]{10}$/iu.test(squeezed) && /\d/u.test(squeezed));
}
