// The room's pages outside the workbook. Each works without this; with it some things go more easily.
(() => {
  "use strict";

  const ours = "mentorkit"; // what the workbook keeps in the browser begins with it
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const has = (name) => name in document.body.dataset;
  const soon = () => 3000 + Math.random() * 3000; // ms: many people wait, and are not to come back at the same moment

  // ---- coming in
  const sameJoin = () => { // typed once, it counts for coming in and for coming back
    const fields = all("input.room-join");
    for (const field of fields) {
      field.addEventListener("input", () => fields.forEach((other) => { if (other !== field) other.value = field.value; }));
    }
  };

  function oneLine(field) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      field.form.requestSubmit();
    });
  }

  const onlyOnce = (form) => form.addEventListener("submit", (event) => { // an impatient second tap does nothing
    if ("sent" in form.dataset) event.preventDefault();
    form.dataset.sent = "";
  });

  // ---- the return code
  const say = (text) => { one("[data-said]").textContent = text; };

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text); // not there where the connection is not encrypted
      return true;
    } catch {
      return copiedTheOldWay(text);
    }
  }

  function copiedTheOldWay(text) {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    field.className = "mk-visually-hidden";
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }

  function selectWords() {
    getSelection().selectAllChildren(one(".room-words"));
  }

  async function copy({ currentTarget: { dataset } }) {
    const done = await copied(one("[data-card]").dataset.card);
    if (!done) selectWords();
    say(done ? dataset.copied : dataset.byHand);
  }

  // ---- leaving
  const kept = (storage) => Object.keys(storage).filter((key) => key.startsWith(ours));
  const unsent = () => kept(localStorage).some((key) => key.split("/").length > 2); // mentorkit/PLACE/ITEM

  function tellUnsent(line) {
    try {
      line.hidden = !unsent();
      line.textContent = line.hidden ? "" : line.dataset.unsent;
    } catch {
      // no storage: nothing is in it
    }
  }

  function clear() {
    try {
      for (const storage of [localStorage, sessionStorage]) for (const key of kept(storage)) storage.removeItem(key);
    } catch {
      one("[data-not-cleared]").hidden = false;
    }
  }

  // ---- waiting
  const hears = async () => (await fetch(document.body.dataset.base + "mentorkit/alive", { cache: "no-store" })).ok;

  async function again() { // not while nobody answers: the browser's own page would take this one's place
    try {
      if (!(await hears())) throw new Error();
    } catch {
      setTimeout(again, soon());
      return;
    }
    const form = one("[data-form-again]");
    if (form) form.requestSubmit();
    else location.reload();
  }

  // ---- what applies to this page
  if (!navigator.cookieEnabled) for (const line of all("[data-without-cookies]")) line.hidden = false;
  sameJoin();
  all("[data-one-line]").forEach(oneLine);
  all("form").forEach(onlyOnce);
  for (const button of all("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", copy);
  }
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  all("[data-unsent]").forEach(tellUnsent);
  if (has("clear")) clear();
  if (has("again")) {
    one("[data-by-itself]").hidden = false;
    setTimeout(again, soon());
  }
  window.addEventListener("pageshow", ({ persisted }) => { // by the back button, perhaps after somebody else came in
    if (persisted && has("private")) location.reload();
    for (const form of all("form[data-sent]")) delete form.dataset.sent;
  });
})();
