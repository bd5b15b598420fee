// What was answered and is not yet known to be saved: kept in the page's storage, sent again until it is.

const PATIENCE = 3000; // ms without an acknowledgement before the student is told

class Outbox {
  constructor(place, send, changed) {
    this.key = `mentorkit/${place}`;
    this.send = send;
    this.changed = changed;
    this.count = 0;
    this.entries = new Map(Object.entries(this.#stored()));
    this.late = false;
    this.reason = null;
    this.timer = null;
  }

  get size() {
    return this.entries.size;
  }

  put(item, value, seen) {
    this.entries.set(item, { n: ++this.count, value, seen });
    this.#keep();
    this.#post(item);
    this.#wait();
    this.changed();
  }

  resend() {
    for (const [item, entry] of this.entries) {
      if (entry.held) continue; // waits for the student to mend it, or to choose between two answers
      entry.n = ++this.count;
      this.#post(item);
    }
    if (this.size) this.#wait();
  }

  settle(item, n) {
    if (this.entries.get(item)?.n !== n) return false; // a later answer to the same item is on its way
    this.entries.delete(item);
    if (!this.size) {
      this.late = false;
      this.reason = null;
      clearTimeout(this.timer);
      this.timer = null;
    }
    this.#keep();
    this.changed();
    return true;
  }

  hold(item) {
    const entry = this.entries.get(item);
    if (entry) entry.held = true;
    this.changed();
  }

  held() {
    return [...this.entries].find(([, entry]) => entry.held)?.[0];
  }

  fail(reason) {
    this.late = true;
    this.reason = reason;
    this.changed();
  }

  stop() {
    clearTimeout(this.timer);
  }

  #post(item) {
    const { n, value, seen } = this.entries.get(item);
    this.send({ type: "answer", n, item, value, seen });
  }

  #wait() {
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (!this.size) return;
      this.late = true;
      this.changed();
      document.dispatchEvent(new CustomEvent("mentorkit:unsaved"));
      this.resend();
    }, PATIENCE);
  }

  #stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  #keep() {
    try {
      if (this.size) localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(this.entries)));
      else localStorage.removeItem(this.key);
      this.kept = true;
    } catch {
      this.kept = false; // no storage in this browser: the page itself is the only draft
    }
  }
}
