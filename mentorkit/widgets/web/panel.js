// A result, drawn by Python as HTML in which every text is already escaped. Open details, typed words and the focus stay
// when it is redrawn. Its buttons report what they are asked to do; what can be done in the browser is done here.

const PIECE = 200_000; // characters of a file in one message
const PATIENT = 4000; // ms without an answer after which that is said

function showPanel(model, root) {
  const spoken = h("p", { class: "mk-visually-hidden", role: "status" });
  const body = h("div", { class: "mk-panel-body" });
  root.append(spoken, body);
  const words = () => model.get("words") ?? {};
  const typed = new Map(); // what was typed and not yet done, by field
  const waiting = new Map(); // buttons that wait for an answer, by number
  let said = null; // the last answer: beside which button, and what
  let last = 0;

  // Drawing

  const places = () => [...body.querySelectorAll("summary, a, button, input, select, textarea")];
  const fieldName = (input) => `${input.closest("[data-ask]")?.dataset.ask ?? ""}/${input.name}`;
  const buttonName = (one) => [one.dataset.do ?? one.dataset.copy ?? "print", one.dataset.of ?? "", one.closest("[data-ask]")?.dataset.ask ?? ""].join("/");
  const fields = (within) => [...within.querySelectorAll("input[name], select[name], textarea[name]")];

  function named() { // each summary by its words, and by its turn where several have the same
    const times = {};
    return [...body.querySelectorAll("details > summary")].map((summary) => {
      const text = summary.textContent;
      times[text] = (times[text] ?? 0) + 1;
      return [`${text} ${times[text]}`, summary.parentElement];
    });
  }

  function draw() {
    const open = new Map(named().map(([name, one]) => [name, one.open]));
    const at = places().indexOf(document.activeElement);
    body.innerHTML = model.get("html");
    for (const [name, one] of named()) if (open.has(name)) one.open = open.get(name);
    for (const input of fields(body)) if (typed.has(fieldName(input)) && input.type !== "file") put(input, typed.get(fieldName(input)));
    if (said) showSaid();
    if (at >= 0) places()[at]?.focus({ preventScroll: true });
  }

  function put(input, value) {
    if (input.type === "checkbox" || input.type === "radio") input.checked = value.includes(input.value);
    else input.value = value;
  }

  function showSaid() {
    body.querySelector(".mk-answer")?.remove();
    const line = h("p", { class: `mk-answer${said.refused ? " mk-error" : ""}` }, said.text);
    const beside = [...body.querySelectorAll("button")].find((one) => buttonName(one) === said.name);
    if (beside) beside.after(line);
    else body.append(line);
  }

  function say(name, text, refused = false) {
    said = text ? { name, text, refused } : null;
    body.querySelector(".mk-answer")?.remove();
    if (said) showSaid();
    spoken.replaceChildren(text);
  }

  // Doing

  function values(within) {
    const found = {};
    for (const input of fields(within)) {
      if (input.type === "file") continue;
      if (input.type !== "checkbox" && input.type !== "radio") found[input.name] = input.value;
      else if (input.checked) found[input.name] = [found[input.name], input.value].filter(Boolean).join(" ");
    }
    return found;
  }

  async function handOver(within) {
    const [file] = within.querySelector("input[type=file]")?.files ?? [];
    const text = file ? await file.text() : "";
    for (let at = 0; at < text.length; at += PIECE) model.send({ type: "piece", first: at === 0, text: text.slice(at, at + PIECE) });
  }

  async function ask(one) {
    if ([...waiting.values()].some(({ name }) => name === buttonName(one))) return;
    const n = ++last;
    const within = one.closest("[data-ask]") ?? body;
    say(buttonName(one), "");
    waiting.set(n, { name: buttonName(one), ask: one.closest("[data-ask]")?.dataset.ask, late: setTimeout(() => late(n), PATIENT) });
    await handOver(within);
    const of = one.dataset.of ? { of: one.dataset.of } : {};
    model.send({ type: "do", n, name: one.dataset.do, values: { ...values(within), ...of } });
  }

  function late(n) {
    say(waiting.get(n).name, words().deed_unheard, true);
    waiting.delete(n);
    document.dispatchEvent(new CustomEvent("mentorkit:unsaved"));
  }

  async function copy(one) {
    const text = one.closest("[data-words]").querySelector("[data-text]").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no permission: the old way
      const area = h("textarea", { class: "mk-visually-hidden" });
      area.value = text;
      one.after(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      one.focus();
    }
    say(buttonName(one), words().copied);
  }

  function print(one) {
    const sheet = one.closest("[data-sheet-of]").querySelector("[data-sheet]");
    for (let open = sheet.closest("details"); open; open = open.parentElement.closest("details")) open.open = true;
    sheet.toggleAttribute("data-printing", true);
    window.addEventListener("afterprint", () => sheet.removeAttribute("data-printing"), { once: true });
    window.print();
  }

  function keep(name, media, buffer) {
    const address = URL.createObjectURL(new Blob([buffer], { type: media }));
    h("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  function heard(content, buffers) {
    const asked = waiting.get(content?.n);
    if (!asked) return;
    clearTimeout(asked.late);
    waiting.delete(content.n);
    if (content.type === "file") {
      keep(content.name, content.media, buffers[0]);
      say(asked.name, fill(words().file_made, { name: content.name }));
    } else {
      if (content.type === "done") for (const key of [...typed.keys()]) if (key.startsWith(`${asked.ask ?? ""}/`)) typed.delete(key);
      if (content.forget) for (const key of Object.keys(localStorage)) if (key.startsWith("mentorkit")) localStorage.removeItem(key);
      say(asked.name, content.said, content.type === "refused");
    }
  }

  function clicked(event) {
    const one = event.target.closest("button");
    if (!one || !body.contains(one)) return;
    if (one.dataset.do) ask(one);
    else if (one.dataset.copy) copy(one);
    else if ("print" in one.dataset) print(one);
  }

  function noteTyped({ target }) {
    if (!target.name) return;
    const same = fields(body).filter((input) => fieldName(input) === fieldName(target));
    const isMany = target.type === "checkbox" || target.type === "radio";
    typed.set(fieldName(target), isMany ? same.filter((input) => input.checked).map((input) => input.value) : target.value);
  }

  body.addEventListener("click", clicked);
  body.addEventListener("input", noteTyped);
  draw();
  model.on("change:html", draw);
  model.on("msg:custom", heard);
  return () => { model.off("change:html", draw); model.off("msg:custom", heard); };
}

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-panel" });
    el.append(root);
    keepKeys(root);
    return showPanel(model, root);
  },
};
