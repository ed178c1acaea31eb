// Which texts of an answer this page knows of: what the server told it last, and what it has sent since. A save that
// replaces any other text has replaced something that its writer had never seen.
export class Seen {
  constructor(answers) {
    this.restart(answers);
  }

  /** The server has told how it stands; where something is unsent, its writer has not looked at that yet. */
  restart(answers, unsent = {}) {
    const kept = this.of(Object.keys(unsent));
    this.known = {};
    this.note(answers);
    this.takeUp(kept);
  }

  note(answers) {
    for (const [key, value] of Object.entries(answers)) {
      const text = JSON.stringify(value);
      this.known[key] ??= [];
      if (this.known[key].at(-1) !== text) this.known[key].push(text);
    }
  }

  has(key, value) {
    const [text, wanted] = [this.known[key] ?? [], sorted(value)];
    return text.some((known) => sorted(JSON.parse(known)) === wanted);
  }

  isLast(key, value) {
    const last = this.known[key]?.at(-1);
    return last !== undefined && sorted(JSON.parse(last)) === sorted(value);
  }

  /** For the device: what was known when these answers were written. */
  of(keys) {
    return Object.fromEntries(keys.map((key) => [key, this.known[key] ?? []]));
  }

  /** An earlier page wrote them knowing that much, and no more. */
  takeUp(known) {
    Object.assign(this.known, known);
  }
}

/** The database keeps no order of keys. */
function sorted(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
