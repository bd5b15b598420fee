// Fields for a day and for a time of day. A day is written as people write it, or chosen in the browser's own calendar.

function todayInIso() { // the day it is where the student is
  const now = new Date();
  return inIso(dayOf(now.getFullYear(), now.getMonth() + 1, now.getDate()));
}

const isDay = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && readDay(value, value) === value;
const FULL_DAY = { day: "numeric", year: "numeric", timeZone: "UTC" };
const dayInWords = (iso) => new Date(iso).toLocaleDateString(language(), { weekday: "long", month: "long", ...FULL_DAY });
const asWritten = (iso) => (iso < "1000" ? iso : new Date(iso).toLocaleDateString("en-US", { month: "short", ...FULL_DAY })); // which `readDay` reads again

function dateField(item, { words, report, say, fault }, errorId) {
  const input = h("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const understood = h("p", { class: "mk-understood", id: freshId("understood") });
  const choose = dayPicker(item, words, () => day, (chosen) => { fault(null); show(chosen); report(chosen); say(understood.textContent); });
  let day = null;
  let reported = null;
  let told = ""; // what was understood when the field was entered
  const unread = () => input.value.trim() !== "" && day === null;
  const look = () => {
    const past = item.ahead && day !== null && day < todayInIso() ? words.past_day : null;
    understood.textContent = [day && dayInWords(day), past].filter(Boolean).join(". ");
  };
  const tell = (value) => {
    if (value === reported) return;
    reported = value;
    report(value, input);
  };
  const pause = typed(input, () => { if (!unread()) tell(day); }); // what cannot be read yet may be half a word
  const leave = () => {
    pause();
    if (unread()) { tell(input.value); fault(words.bad_date); }
  };
  const show = (value) => {
    day = isDay(value) ? value : null;
    input.value = day ? asWritten(day) : String(value ?? "");
    reported = value ?? null;
    look();
  };
  input.addEventListener("input", () => { day = readDay(input.value, todayInIso()); look(); });
  input.addEventListener("focus", () => { told = understood.textContent; });
  input.addEventListener("blur", () => { leave(); if (understood.textContent !== told) say(understood.textContent); });
  const row = h("div", { class: "mk-day" }, input, choose);
  return {
    element: labelled(item, words, input, [errorId, understood.id], row, understood),
    flush: leave,
    show,
    inputs: () => [input],
    unready: () => { leave(); return unread(); },
    instead: () => (unread() ? words.bad_date : null), // the sentence with which the workbook refuses knows ISO dates only
  };
}

// A button that opens the browser's calendar. What it opens on lies under it, and is out of the way of everyone else.
function dayPicker(item, words, day, take) {
  if (!("showPicker" in HTMLInputElement.prototype)) return null;
  const calendar = h("input", { type: "date", class: "mk-calendar", tabindex: "-1", "aria-hidden": "true" });
  calendar.addEventListener("change", () => take(calendar.value || null));
  const open = () => {
    calendar.value = day() ?? "";
    try { calendar.showPicker(); } catch { choose.hidden = true; } // a frame of another site may not open it
  };
  const choose = button([words.choose_day, h("span", { class: "mk-visually-hidden" }, item.text)], open, "mk-quiet");
  return h("span", { class: "mk-choose" }, calendar, choose);
}

function timeField(item, { words, report, fault }, errorId) {
  const input = h("input", { type: "time" });
  const send = () => {
    if (input.validity.badInput) fault(words.bad_time);
    else { fault(null); report(input.value || null, input); }
  };
  const flush = typed(input, send);
  input.addEventListener("blur", () => { if (input.validity.badInput) send(); }); // half a time changes no value, so there is no event
  return {
    element: labelled(item, words, input, [errorId], input),
    flush,
    show: (value) => { input.value = value ?? ""; },
    inputs: () => [input],
    unready: () => { if (input.validity.badInput) send(); return input.validity.badInput; },
  };
}
