// One field for each kind of item. A field shows a value, and reports a new one; it decides nothing.

const FIELDS = { rating: ratingField, choice: choiceField, choices: choicesField, text: textField, date: dateField, group: groupField };
const TYPING = 600; // ms after the last key before a text is sent

function field(item, words, report) {
  const error = h("p", { class: "mk-error", id: freshId("error"), hidden: true });
  const made = FIELDS[item.kind](item, words, report, error.id);
  made.element.append(error);
  made.element.id = freshId("item");
  made.element.dataset.item = item.id;
  made.fault = (message) => {
    error.textContent = message ?? "";
    error.hidden = !message;
    made.element.classList.toggle("mk-faulty", Boolean(message));
    for (const input of made.inputs()) input.toggleAttribute("aria-invalid", Boolean(message));
  };
  made.focus = () => (made.inputs().find((input) => input.checked) ?? made.inputs()[0])?.focus();
  return made;
}

function group(item, words, kind, ...parts) {
  const optional = item.optional ? h("span", { class: "mk-optional" }, ` ${words.optional}`) : null;
  return h("fieldset", { class: `mk-item ${kind}` }, h("legend", {}, item.text, optional), details(words.more_help, item.help), parts);
}

function options(item, type, errorId, onchange) {
  const name = freshId("name");
  return item.options.map((option) => {
    const help = option.help ? h("span", { class: item.kind === "rating" ? "mk-visually-hidden" : "mk-option-help", id: freshId("help") }, option.help) : null;
    const input = h("input", {
      type, name, value: JSON.stringify(option.code),
      "aria-describedby": [errorId, help?.id].filter(Boolean).join(" "), onchange,
    });
    const label = h("span", { class: "mk-label" }, option.label);
    const point = item.kind === "rating" && option.code !== "na" ? h("span", { class: "mk-point" }, String(option.code)) : null;
    const cell = h("label", { class: option.code === "na" ? "mk-option mk-na" : "mk-option" }, input, h("span", { class: "mk-text" }, point, label, help));
    return { input, cell };
  });
}

function singleField(item, words, report, errorId, kind) {
  const clear = button(words.clear, () => { show(undefined); report(null); inputs[0].focus(); }, "mk-clear mk-quiet");
  const made = options(item, "radio", errorId, (event) => { clear.hidden = false; report(JSON.parse(event.target.value)); });
  const inputs = made.map((option) => option.input);
  const many = item.options.length > 7 ? " mk-many" : "";
  const element = group(item, words, kind, h("div", { class: `mk-options${many}`, style: `--points: ${item.options.filter((o) => o.code !== "na").length}` }, made.map((option) => option.cell)), clear);
  const show = (value) => {
    for (const input of inputs) input.checked = value !== undefined && input.value === JSON.stringify(value);
    clear.hidden = value === undefined;
  };
  clear.setAttribute("aria-label", `${words.clear}: ${item.text}`);
  return { element, show, inputs: () => inputs };
}

function ratingField(item, words, report, errorId) {
  return singleField(item, words, report, errorId, "mk-rating");
}

function choiceField(item, words, report, errorId) {
  return singleField(item, words, report, errorId, "mk-choice");
}

function choicesField(item, words, report, errorId) {
  const changed = (event) => {
    const chosen = made.filter((option) => option.input.checked);
    if (item.at_most && chosen.length > item.at_most) {
      event.target.checked = false;
      self.fault(fill(words.too_many, { limit: item.at_most }));
      return;
    }
    report(chosen.map((option) => JSON.parse(option.input.value)));
  };
  const made = options(item, "checkbox", errorId, changed);
  const self = {
    element: group(item, words, "mk-choice mk-choices", h("div", { class: "mk-options" }, made.map((option) => option.cell))),
    show: (value) => made.forEach(({ input }) => { input.checked = (value ?? []).some((code) => JSON.stringify(code) === input.value); }),
    inputs: () => made.map((option) => option.input),
  };
  return self;
}

function labelled(item, words, input) {
  const optional = item.optional ? h("span", { class: "mk-optional" }, ` ${words.optional}`) : null;
  const help = item.help ? h("p", { class: "mk-hint", id: freshId("hint") }, item.help) : null;
  input.id = freshId("input");
  if (help) input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${help.id}`.trim());
  return h("div", { class: "mk-item mk-written" }, h("label", { for: input.id }, item.text, optional), help, input);
}

function textField(item, words, report, errorId) {
  const shape = item.lines > 1 ? ["textarea", { rows: item.lines }] : ["input", { type: "text" }];
  const input = h(shape[0], { ...shape[1], autocomplete: "off", "aria-describedby": errorId });
  let timer = null;
  const send = () => { clearTimeout(timer); timer = null; report(input.value || null); };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, TYPING); });
  input.addEventListener("change", () => { if (timer) send(); });
  return {
    element: labelled(item, words, input),
    show: (value) => { input.value = value ?? ""; },
    inputs: () => [input],
    flush: () => { if (timer) send(); },
  };
}

function dateField(item, words, report, errorId) {
  const input = h("input", { type: "date", "aria-describedby": errorId });
  const send = () => {
    if (input.validity.badInput) self.fault(words.bad_date);
    else report(input.value || null);
  };
  input.addEventListener("change", send);
  const self = {
    element: labelled(item, words, input),
    show: (value) => { input.value = value ?? ""; },
    inputs: () => [input],
  };
  return self;
}

function groupField(item, words, report) {
  let entries = [];
  const list = h("div", { class: "mk-entries" });
  const add = button(fill(words.add_entry, { entry: item.entry }), () => { open({}); update(); entries.at(-1).fields[0].focus(); }, "mk-quiet");
  const values = () => entries.map((entry) => entry.value).filter((value) => Object.keys(value).length);
  const update = () => {
    add.hidden = entries.length >= item.at_most;
    entries.forEach((entry, place) => {
      const called = { entry: item.entry, number: place + 1 };
      entry.legend.textContent = fill(words.entry_title, called);
      entry.remove.textContent = fill(words.remove_entry, called);
      entry.remove.hidden = entries.length === 1 && !Object.keys(entry.value).length;
    });
  };
  const open = (value) => {
    const entry = { value: { ...value }, legend: h("legend", {}) };
    entry.fields = item.items.map((part) => {
      const made = field(part, words, (answer) => {
        if (answer === null) delete entry.value[part.id];
        else entry.value[part.id] = answer;
        update();
        report(values());
      });
      made.show(value[part.id]);
      return made;
    });
    entry.remove = button("", () => takeAway(entry), "mk-quiet");
    entry.element = h("fieldset", { class: "mk-entry" }, entry.legend, entry.fields.map((made) => made.element), entry.remove);
    entries.push(entry);
    list.append(entry.element);
  };
  const takeAway = (entry) => {
    const before = entries.map((kept) => kept.value);
    const undo = h("p", { class: "mk-undo", role: "status" }, `${words.removed} `, button(words.undo, () => { show(before); report(values()); add.focus(); }, "mk-quiet"));
    show(before.filter((value) => value !== entry.value));
    list.append(undo);
    report(values());
    undo.querySelector("button").focus();
  };
  const show = (value) => {
    entries = [];
    list.replaceChildren();
    (value?.length ? value : [{}]).forEach(open);
    update();
  };
  return {
    element: group(item, words, "mk-group", list, add),
    show,
    inputs: () => entries.flatMap((entry) => entry.fields.flatMap((made) => made.inputs())),
    flush: () => entries.forEach((entry) => entry.fields.forEach((made) => made.flush?.())),
  };
}
