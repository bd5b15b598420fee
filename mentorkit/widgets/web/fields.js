// One field for each kind of item. A field shows a value, and reports a new one; it decides nothing.

const FIELDS = { rating: singleField, choice: singleField, choices: choicesField, text: textField, date: dateField, time: timeField, group: groupField };
const TYPING = 600; // ms after the last key before a text is sent
const NEAR = 40; // characters left from which they are counted down

// `host` has the words, `report(value, typing)` for a new answer (null for none; `typing` is where it is being typed),
// and `say(text)` for a screen reader.
function field(item, host) {
  const error = h("p", { class: "mk-error", id: freshId("error"), hidden: true });
  const made = FIELDS[item.kind](item, { ...host, fault: (message) => made.fault(message) }, error.id);
  made.element.append(error);
  made.element.id = freshId("item");
  made.element.classList.toggle("mk-private", Boolean(item.private));
  made.element.dataset.item = item.id;
  const inner = made.part ?? (() => null);
  made.fault = (message, at) => { // gives the sentence that is shown
    const part = at && inner(at);
    if (part) return part.fault(message);
    const sentence = message && (made.instead?.() ?? message);
    steady(() => show(sentence));
    return sentence;
  };
  const show = (message) => {
    error.textContent = message ?? "";
    error.hidden = !message;
    made.element.classList.toggle("mk-faulty", Boolean(message));
    for (const input of made.inputs()) {
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  };
  made.focus = () => {
    const inputs = made.inputs();
    const faulty = inputs.find((input) => input.getAttribute("aria-invalid") && input.type !== "radio");
    const chosen = faulty ?? (made.first ? made.first() : inputs.find((input) => input.checked) ?? inputs[0]);
    made.reveal?.(chosen);
    chosen?.focus();
  };
  return made;
}

function marks(item, words) {
  const said = [item.optional && words.optional, item.private && words.private].filter(Boolean).join(", ");
  return said ? h("span", { class: "mk-optional" }, ` ${said}`) : null;
}

function group(item, words, kind, ...parts) {
  return h("fieldset", { class: `mk-item ${kind}` }, h("legend", {}, item.text, marks(item, words)), details(words.more_help, item.help), parts);
}

function options(item, type, errorId, onchange) {
  const name = freshId("name");
  const rating = item.kind === "rating";
  return item.options.map((option) => {
    const counted = option.code !== "na";
    const help = option.help ? h("span", { class: rating ? "mk-visually-hidden" : "mk-option-help", id: freshId("help") }, option.help) : null;
    const number = rating && counted ? String(option.code).replace("-", "−") : null;
    const bare = option.label === String(option.code); // a point without words is not said twice
    const point = number && !bare ? h("span", { class: "mk-point", id: freshId("point") }, number) : null;
    const label = h("span", { class: number && bare ? "mk-label mk-point" : "mk-label", id: freshId("label") }, option.label);
    const input = h("input", {
      type, name, value: JSON.stringify(option.code), onchange,
      "aria-labelledby": [point?.id, label.id].filter(Boolean).join(" "), // without the help, which describes
      "aria-describedby": [errorId, help?.id].filter(Boolean).join(" "),
    });
    const text = h("span", { class: "mk-text" }, point, label, help);
    return { input, cell: h("label", { class: counted ? "mk-option" : "mk-option mk-na" }, input, text) };
  });
}

function singleField(item, { words, report, say }, errorId) {
  const made = options(item, "radio", errorId, (event) => { clear.hidden = false; report(JSON.parse(event.target.value)); });
  const inputs = made.map((option) => option.input);
  const clear = button(words.clear, () => { show(undefined); report(null); say(words.cleared); inputs[0].focus(); }, "mk-clear mk-quiet");
  clear.setAttribute("aria-label", `${words.clear}: ${item.text}`);
  const many = item.options.length > 7 ? " mk-many" : "";
  const points = item.options.filter((option) => option.code !== "na").length;
  const list = h("div", { class: `mk-options${many}`, style: `--points: ${points}` }, made.map((option) => option.cell));
  const show = (value) => {
    for (const input of inputs) input.checked = value !== undefined && input.value === JSON.stringify(value);
    clear.hidden = value === undefined;
  };
  return { element: group(item, words, `mk-${item.kind}`, list, clear), show, inputs: () => inputs };
}

function choicesField(item, { words, report, say, fault }, errorId) {
  const chosen = () => made.filter((option) => option.input.checked);
  const hint = h("p", { class: "mk-hint" });
  const count = () => { hint.textContent = item.at_most ? fill(words.chosen_of, { chosen: chosen().length, limit: item.at_most }) : words.choose_any; };
  let warned = false;
  const warn = (message) => { warned = Boolean(message); fault(message); };
  const changed = (event) => {
    if (item.at_most && chosen().length > item.at_most) {
      event.target.checked = false;
      warn(fill(words.too_many, { limit: item.at_most }));
      say(fill(words.too_many, { limit: item.at_most }));
      return;
    }
    count();
    report(chosen().map((option) => JSON.parse(option.input.value)));
  };
  const made = options(item, "checkbox", errorId, changed);
  const element = group(item, words, "mk-choice mk-choices", hint, h("div", { class: "mk-options" }, made.map((option) => option.cell)));
  element.addEventListener("focusout", (event) => { if (warned && !element.contains(event.relatedTarget)) warn(null); });
  const show = (value) => {
    for (const { input } of made) input.checked = Array.isArray(value) && value.some((code) => JSON.stringify(code) === input.value);
    count();
  };
  return { element, show, inputs: () => made.map((option) => option.input) };
}

function labelled(item, words, input, described, ...body) {
  const help = item.help ? h("p", { class: "mk-hint", id: freshId("hint") }, item.help) : null;
  input.id = freshId("input");
  input.setAttribute("aria-describedby", [...described, help?.id].filter(Boolean).join(" "));
  return h("div", { class: "mk-item mk-written" }, h("label", { for: input.id }, item.text, marks(item, words)), help, body);
}

// What is typed is sent a moment after the last key, and at once when the field is left or `flush` is called.
function typed(input, send) {
  let timer = null;
  const now = () => { clearTimeout(timer); timer = null; send(); };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(now, TYPING); });
  const flush = () => { if (timer) now(); };
  input.addEventListener("change", flush);
  input.addEventListener("blur", flush);
  return flush;
}

function textField(item, { words, report }, errorId) {
  const input = item.lines > 1 ? h("textarea", { rows: item.lines, autocomplete: "off" }) : h("input", { type: "text", autocomplete: "off" });
  const left = h("p", { class: "mk-hint mk-left-over", hidden: true });
  const paper = h("div", { class: "mk-on-paper" }); // a box cannot grow with its text in print
  const look = () => {
    const over = item.at_most - [...input.value].length;
    left.hidden = over > Math.min(NEAR, item.at_most / 4) || over < 0;
    left.textContent = fill(words.characters_left, { left: over });
    paper.textContent = input.value;
  };
  input.addEventListener("input", look);
  return {
    element: labelled(item, words, input, [errorId], input, left, paper),
    flush: typed(input, () => report(input.value || null, input)),
    show: (value) => { input.value = value ?? ""; look(); },
    inputs: () => [input],
  };
}
