// What was answered and is not yet known to be saved: kept in the browser's storage, and sent again until it is.

const PATIENCE = 3000; // ms without an acknowledgement before the student is told
const REMEMBERED = 8; // values of one answer, sent and not acknowledged, by which our own saving is known again

const sameKeys = (_, value) =>
  value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
const canonical = (value) => JSON.stringify(value ?? null, sameKeys);

class Outbox {
  #timer = null;
  #start = Math.floor(Math.random() * 2 ** 40); // an acknowledgement meant for another view of this form is not ours
  #count = this.#start;

  constructor(place, items, send, changed) {
    this.place = place;
    this.send = send;
    this.changed = changed;
    this.entries = new Map();
    this.kept = true; // false where the browser has no storage: the page itself is then the only draft
    for (const item of items) this.#load(item);
  }

  get size() {
    return this.entries.size;
  }

  get late() { // something waits for longer than it should
    return this.#waiting().some(([, entry]) => entry.failed || performance.now() - entry.since >= PATIENCE);
  }

  get reason() { // the sentence with which the workbook refused to save, if it did
    return this.#waiting().find(([, entry]) => entry.failed)?.[1].failed ?? null;
  }

  get held() { // the items that wait for the student, not for the workbook
    return [...this.entries].filter(([, entry]) => entry.held).map(([item]) => item);
  }

  put(item, value, seen) {
    const before = this.entries.get(item);
    const since = before && !before.held ? before.since : performance.now();
    const failed = before?.held ? null : before?.failed;
    this.entries.set(item, { ...before, n: ++this.#count, value, seen, since, failed, held: false, sent: before?.sent ?? [] });
    this.#post(item);
    this.#keep(item);
    this.#wait();
    this.changed();
  }

  amend(item, value) { // a held answer that goes on being typed
    this.entries.get(item).value = value;
    this.#keep(item);
  }

  hold(item) {
    this.entries.get(item).held = true;
    this.changed();
  }

  resend() {
    for (const [item] of this.#waiting()) this.#post(item);
    this.#wait();
  }

  has(item, n) { // whether a reply is about the answer as it now stands
    return this.entries.get(item)?.n === n;
  }

  wrote(item, value) { // whether a value found in the store is one that this page sent itself
    return this.entries.get(item)?.sent.includes(canonical(value)) ?? false;
  }

  settle(item, n) {
    const entry = this.entries.get(item);
    if (!entry) return;
    if (entry.n === n) this.drop(item);
    else if (n > this.#start && n < entry.n) Object.assign(entry, { since: performance.now(), failed: null });
    this.#wait();
    this.changed();
  }

  drop(item) {
    const { stored } = this.entries.get(item);
    this.entries.delete(item);
    try { // another tab may have left a later answer in the same place
      if (localStorage.getItem(this.#key(item)) === stored) localStorage.removeItem(this.#key(item));
    } catch {
      this.kept = false;
    }
  }

  fail(item, n, reason) {
    if (this.has(item, n)) Object.assign(this.entries.get(item), { failed: reason, heard: true });
    this.changed();
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #waiting() {
    return [...this.entries].filter(([, entry]) => !entry.held);
  }

  #post(item) {
    const entry = this.entries.get(item);
    const value = canonical(entry.value);
    entry.sent = [...entry.sent.filter((sent) => sent !== value), value].slice(-REMEMBERED);
    entry.due = performance.now() + PATIENCE;
    this.send({ type: "answer", place: this.place, n: entry.n, item, value: entry.value, seen: entry.seen });
  }

  #wait() {
    clearTimeout(this.#timer);
    const due = Math.min(...this.#waiting().map(([, entry]) => entry.due));
    if (due < Infinity) this.#timer = setTimeout(() => this.#again(), Math.max(0, due - performance.now()));
  }

  #again() {
    for (const [item, entry] of this.#waiting()) {
      if (entry.due > performance.now()) continue;
      if (!entry.heard) entry.failed = null; // it refused before, and now it says nothing
      entry.heard = false;
      this.#post(item);
      if (!entry.failed) document.dispatchEvent(new CustomEvent("mentorkit:unsaved"));
    }
    this.#wait();
    this.changed();
  }

  #key(item) {
    return `mentorkit/${this.place}/${item}`;
  }

  #load(item) {
    try {
      const stored = localStorage.getItem(this.#key(item));
      const { value, seen, sent } = JSON.parse(stored) ?? {};
      if (value === undefined || !Number.isInteger(seen) || !Array.isArray(sent)) return;
      this.entries.set(item, { n: ++this.#count, value, seen, sent, stored, since: performance.now(), held: false });
    } catch {
      // no storage, or not our writing: there is nothing to take up
    }
  }

  #keep(item) {
    const entry = this.entries.get(item);
    entry.stored = JSON.stringify({ value: entry.value, seen: entry.seen, sent: entry.sent });
    try {
      localStorage.setItem(this.#key(item), entry.stored);
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }
}
