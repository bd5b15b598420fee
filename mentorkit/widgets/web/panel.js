// A result, drawn by Python as HTML in which every text is already escaped. Open details, typed words and the focus stay
// when it is redrawn. Its buttons report what they are asked to do; what can be done in the browser is done here.

const PIECE = 150_000; // characters of a file in one message: six bytes each at worst, and a message takes 1 MB
const LARGEST = 20_000_000; // bytes of a file; nothing of ours comes near it
const PATIENT = 4000; // ms without an answer after which that is said
const ANYWHERE = "1000000px"; // above and below the window
const LEFT = "mentorkit/said"; // what was said before the page forgot everything and was loaded anew
const FORGOTTEN = "mentorkit/forgotten"; // by which other tabs hear of it

function showPanel(model, root) {
  const spoken = h("p", { class: "mk-visually-hidden", role: "status" });
  const body = h("div", { class: "mk-panel-body" });
  root.append(spoken, body);
  const words = model.get("words") ?? {};
  const typed = new Map(); // what was typed and not yet done, by field
  const waiting = new Map(); // buttons that wait for an answer, by number
  let said = null; // the last answer: beside which button, and what
  const number = Math.floor(Math.random() * 2 ** 40);
  let last = number; // an answer meant for another view of this panel is not ours

  // Drawing

  const fieldName = (input) => `${input.closest("[data-ask]")?.dataset.ask ?? ""}/${input.name}`;
  const buttonName = (one) => [one.dataset.do ?? one.dataset.copy ?? "print", one.dataset.of ?? "", one.closest("[data-ask]")?.dataset.ask ?? ""].join("/");
  const fields = (within) => [...within.querySelectorAll("input[name], select[name], textarea[name]")];
  const isMany = (input) => input.type === "checkbox" || input.type === "radio";

  function numbered(elements, nameOf) { // each by its name, and by its turn where several have the same
    const times = {};
    return new Map(elements.map((one) => {
      const name = nameOf(one);
      times[name] = (times[name] ?? 0) + 1;
      return [`${name} ${times[name]}`, one];
    }));
  }

  const folded = () => numbered([...body.querySelectorAll("details > summary")], (summary) => summary.textContent);
  const places = () => numbered([...body.querySelectorAll("summary, a, button, input, select, textarea, [tabindex]")], placeName);

  function placeName(one) {
    if (one.matches("button")) return `button ${buttonName(one)}`;
    if (one.name) return `field ${fieldName(one)} ${isMany(one) ? one.value : ""}`;
    return `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent}`;
  }

  function draw() {
    const open = new Map([...folded()].map(([name, summary]) => [name, summary.parentElement.open]));
    const files = new Map(fields(body).filter((input) => input.type === "file").map((input) => [fieldName(input), input.files]));
    const arrived = new Set([...body.querySelectorAll("[data-arrive]")].map((one) => one.dataset.arrive));
    const held = body.contains(document.activeElement) ? document.activeElement : null;
    const [at] = [...places()].find(([, one]) => one === held) ?? [];
    const caret = held?.type === "text" || held?.matches("textarea") ? [held.selectionStart, held.selectionEnd] : null;
    body.innerHTML = model.get("html");
    for (const [name, summary] of folded()) if (open.has(name)) summary.parentElement.open = open.get(name);
    for (const input of fields(body)) {
      if (input.type === "file") input.files = files.get(fieldName(input)) ?? input.files;
      else if (typed.has(fieldName(input))) put(input, typed.get(fieldName(input)));
    }
    if (said) showSaid();
    if (held) stay([...body.querySelectorAll("[data-arrive]")].find((one) => !arrived.has(one.dataset.arrive)) ?? places().get(at), caret);
  }

  function stay(place, caret) { // where the focus was, or at what came of the button that had it
    (place ?? body.querySelector(".mk-answer"))?.focus({ preventScroll: Boolean(place) && !place.dataset.arrive });
    if (place && caret) place.setSelectionRange?.(...caret);
  }

  function put(input, value) {
    if (isMany(input)) input.checked = value.includes(input.value);
    else input.value = value;
  }

  function showSaid() {
    body.querySelector(".mk-answer")?.remove();
    const line = h("p", { class: `mk-answer${said.refused ? " mk-error" : ""}`, tabindex: "-1" }, said.text);
    const beside = [...body.querySelectorAll("button")].find((one) => buttonName(one) === said.name);
    if (beside) beside.after(line);
    else (body.querySelector(`[data-answers~="${said.name.split("/")[0]}"]`) ?? body).append(line);
    for (let one = line.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
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
      if (!isMany(input)) found[input.name] = input.value;
      else if (input.checked) found[input.name] = [found[input.name], input.value].filter(Boolean).join(" ");
    }
    return found;
  }

  async function handOver(n, within) {
    const [file] = within.querySelector("input[type=file]")?.files ?? [];
    if (!file) return;
    if (file.size > LARGEST) throw new RangeError();
    const text = await file.text();
    for (let at = 0; at === 0 || at < text.length; at += PIECE) model.send({ type: "piece", n, text: text.slice(at, at + PIECE) });
  }

  async function ask(one) {
    const name = buttonName(one);
    if ([...waiting.values()].some((other) => other.name === name && !other.unheard)) return;
    const n = ++last;
    const within = one.closest("[data-ask]") ?? body;
    const given = { ...values(within), ...(one.dataset.of ? { of: one.dataset.of } : {}) };
    const about = `${within.dataset.ask ?? ""}/`;
    say(name, "");
    waiting.set(n, { name, about, typed: new Map([...typed].filter(([field]) => field.startsWith(about))) });
    try {
      await handOver(n, within);
    } catch (failure) { // too large, or no longer where it was chosen
      waiting.delete(n);
      return say(name, failure instanceof RangeError ? words.file_too_large : words.file_unreadable, true);
    }
    waiting.get(n).timer = setTimeout(() => unheard(n), PATIENT);
    return model.send({ type: "do", n, name: one.dataset.do, values: given });
  }

  function unheard(n) { // it may still come: then it counts
    waiting.get(n).unheard = true;
    say(waiting.get(n).name, words.deed_unheard, true);
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
    say(buttonName(one), words.copied);
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
    clearTimeout(asked.timer);
    waiting.delete(content.n);
    if (content.type === "file") {
      keep(content.name, content.media, buffers[0]);
      return say(asked.name, fill(words.file_made, { name: content.name }));
    }
    if (content.type === "done") clear(asked);
    say(asked.name, content.said, content.type === "refused");
    if (document.activeElement === document.body) stay(); // its button went while it was being done
    if (content.forget) forget();
  }

  function clear({ about, typed: before }) { // what was done is not typed any more, unless it was typed anew meanwhile
    for (const input of fields(body).filter((one) => fieldName(one).startsWith(about))) {
      const field = fieldName(input);
      if (String(typed.get(field)) !== String(before.get(field))) continue;
      if (input.type === "file") input.value = "";
      else if (isMany(input)) input.checked = input.defaultChecked;
      else if (input.matches("select")) for (const option of input.options) option.selected = option.defaultSelected;
      else input.value = input.defaultValue;
    }
    for (const [field, value] of before) if (String(typed.get(field)) === String(value)) typed.delete(field);
  }

  function forget() { // nothing of the student's stays in the browser, and what other pages and tabs show is gone
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("mentorkit")) localStorage.removeItem(key);
      sessionStorage.setItem(LEFT, JSON.stringify(said));
      localStorage.setItem(FORGOTTEN, "yes");
      localStorage.removeItem(FORGOTTEN);
      const isLoadedAnew = !document.dispatchEvent(new CustomEvent("mentorkit:forgotten", { cancelable: true }));
      if (!isLoadedAnew) sessionStorage.removeItem(LEFT);
    } catch {
      // no storage: there is nothing in it
    }
  }

  function takeUp() { // what was said before the page was loaded anew
    try {
      const left = JSON.parse(sessionStorage.getItem(LEFT));
      if (![...body.querySelectorAll("button")].some((one) => buttonName(one) === left?.name)) return;
      sessionStorage.removeItem(LEFT);
      say(left.name, left.text);
      new ResizeObserver((_, watch) => { // as soon as the page shows it
        if (!body.offsetHeight) return;
        watch.disconnect();
        stay();
      }).observe(body);
    } catch {
      // no storage
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
    if (!target.name || target.type === "file") return;
    const same = fields(body).filter((input) => fieldName(input) === fieldName(target));
    typed.set(fieldName(target), isMany(target) ? same.filter((input) => input.checked).map((input) => input.value) : target.value);
  }

  body.addEventListener("click", clicked);
  body.addEventListener("input", noteTyped);
  const redraw = () => { // not between a press and its click, nor before the click was heard here
    let at = draw;
    steady(() => at());
    at = () => setTimeout(draw);
  };
  // Python draws anew only what lies on an open page; a page may have been closed when the workbook changed.
  let isTold = false;
  const tellShown = (shown) => {
    if (shown !== isTold) model.send({ type: "shown", view: number, shown });
    isTold = shown;
  };
  const watch = new IntersectionObserver((seen) => tellShown(seen.at(-1).isIntersecting), { rootMargin: ANYWHERE, scrollMargin: ANYWHERE });
  draw();
  takeUp();
  watch.observe(root);
  model.on("change:html", redraw);
  model.on("msg:custom", heard);
  return () => {
    watch.disconnect();
    tellShown(false);
    for (const { timer } of waiting.values()) clearTimeout(timer);
    model.off("change:html", redraw);
    model.off("msg:custom", heard);
  };
}

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-panel" });
    el.append(root);
    keepKeys(root);
    return showPanel(model, root);
  },
};
