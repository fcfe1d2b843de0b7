// What a desk says of a ticket without network: by the server's list, on which nobody has a name.
const ALPHABET = /^[0-9a-hjkmnp-tv-z]{10}$/iu;

export function readTicket(text) {
  const whole = text.trim();
  const secret = /(?:^|\/)([\w-]{22})\/?$/u.exec(whole)?.[1];
  if (secret) return { secret };
  const squeezed = whole
    .replace(/[\s\u00ad\u200b-\u200f\u2010-\u2015\u2212\ufe58\ufe63\uff0d\ufeff-]/gu, "")
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[IL]/gu, "1");
  return ALPHABET.test(squeezed) ? { code: squeezed } : {};
}

const hex = (buffer) => [...new Uint8Array(buffer).slice(0, 16)].map((each) => each.toString(16).padStart(2, "0")).join("");
const bytes = (text) => new TextEncoder().encode(text);

export async function keyOf({ secret, code }, { salt, rounds }, subtle = crypto.subtle) {
  if (secret) return hex(await subtle.digest("SHA-256", bytes(`${salt}:${secret}`)));
  if (!code) return "";
  const key = await subtle.importKey("raw", bytes(code), "PBKDF2", false, ["deriveBits"]);
  return hex(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: rounds }, key, 128));
}

export class Advice {
  constructor({ now = () => Date.now() } = {}) {
    Object.assign(this, { now, list: null, seen: new Set() });
  }

  take(list) {
    this.list = list;
  }

  // The panel to show: what the server said when it made the list, or "already in" of a ticket
  // this desk has scanned since. Empty where there is no list, or it is too old.
  async panel(text) {
    const { list } = this;
    if (!list || this.now() > Date.parse(list.ends_at) || !globalThis.crypto?.subtle) return "";
    const key = await keyOf(readTicket(text), list);
    const again = this.seen.has(key);
    if (key) this.seen.add(key);
    const said = list.tickets[key] ?? "unknown_ticket";
    return list.panels[again && said === "welcome" ? "already_in" : said] ?? list.panels.unknown_ticket;
  }
}
