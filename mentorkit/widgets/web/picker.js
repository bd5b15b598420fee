// Choosing one of a few things that Python names (a mentor, a term), with a way to add one where that makes sense. A long
// list can be searched and put in another order; what was typed here stays when the list is drawn anew.

function showPicker(model, root, kept, say) {
  const { title, options, chosen, adding, finding, sorting } = model.get("spec");
  const error = h("p", { class: "mk-error", role: "alert", id: freshId("error"), hidden: true });
  const name = freshId("name");
  const inputs = options.map(({ code }) => h("input", { type: "radio", name, value: code, onchange: () => model.send({ type: "choose", code }) }));
  const showChosen = () => { for (const input of inputs) input.checked = input.value === chosen; };
  const cells = options.map(({ label, help }, place) => h("label", { class: "mk-option" }, inputs[place],
    h("span", { class: "mk-text" }, h("span", { class: "mk-label" }, label), help ? h("span", { class: "mk-option-help" }, help) : null)));
  const among = h("div", { class: adding ? "mk-options" : "mk-options mk-side-by-side" }, cells);
  const isLong = options.length > MANY;
  const list = cells.length ? h("fieldset", { class: "mk-item mk-choice" }, h("legend", {}, title), isLong ? h("div", { class: "mk-tools" }, finding ? search() : null, sorting ? sorter() : null) : null, among) : null;
  const form = adding ? addForm() : null;
  showChosen();
  root.replaceChildren(...[list, form?.element ?? error].filter(Boolean));
  return (content) => {
    if (content?.type !== "refused") return;
    error.textContent = content.message;
    error.hidden = false;
    if (!form?.refused()) list?.append(error); // it was a choice that was refused
    showChosen();
  };

  function search() {
    const all = () => cells.map((shell) => ({ shell, words: () => shell.textContent }));
    const found = finder(finding, say, all, () => {});
    const input = found.element.querySelector("input");
    input.value = kept.sought ?? "";
    input.addEventListener("input", () => { kept.sought = input.value; });
    found.update(options.length);
    found.look();
    return found.element;
  }

  function sorter() {
    const order = h("select", { id: freshId("input") }, sorting.orders.map(({ code, label }) => h("option", { value: code }, label)));
    const arrange = () => {
      const by = (place) => options[place].by?.[order.value] ?? place;
      const earlier = (one, other) => (typeof by(one) === "number" ? by(one) - by(other) : by(one).localeCompare(by(other), language()));
      among.append(...[...cells.keys()].sort((one, other) => earlier(one, other) || one - other).map((place) => cells[place]));
    };
    order.value = kept.order ?? sorting.orders[0].code;
    order.addEventListener("change", () => { kept.order = order.value; arrange(); });
    arrange();
    return h("div", { class: "mk-find" }, h("label", { for: order.id }, sorting.label), order);
  }

  function addForm() {
    const called = h("input", { type: "text", id: freshId("input"), autocomplete: "off", "aria-describedby": error.id });
    const kind = h("select", { id: freshId("input") }, adding.kinds.map(({ code, label }) => h("option", { value: code }, label)));
    called.value = kept.name ?? "";
    kind.value = kept.kind ?? adding.kinds[0].code;
    called.addEventListener("input", () => { kept.name = called.value; });
    kind.addEventListener("change", () => { kept.kind = kind.value; });
    let sent = null; // a second click on the same name is not a second mentor
    const add = () => {
      if (sent === called.value) return;
      sent = called.value;
      kept.name = kept.kind = undefined; // the list that comes next has them on it
      model.send({ type: "add", name: called.value, kind: kind.value });
      setTimeout(() => { // no reply redrew this form: the next click tries again
        if (sent === null || !called.isConnected) return;
        sent = null;
        kept.name = called.value;
        document.dispatchEvent(new CustomEvent("mentorkit:unsaved"));
      }, 3000);
    };
    called.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
    const hint = adding.hint ? h("p", { class: "mk-hint" }, adding.hint) : null;
    const parts = [
      h("div", { class: "mk-item mk-written" }, h("label", { for: called.id }, adding.name), hint, called, error),
      h("div", { class: "mk-item mk-written" }, h("label", { for: kind.id }, adding.kind), kind),
      button(adding.add, add, cells.length ? "mk-quiet" : ""),
    ];
    const entry = h("div", { class: "mk-entry" }, parts);
    return {
      element: cells.length ? h("details", { class: "mk-adding", open: Boolean(kept.name) }, h("summary", {}, adding.title), entry) : entry,
      refused() {
        if (sent === null) return false;
        sent = null;
        kept.name = called.value;
        called.after(error);
        called.setAttribute("aria-invalid", "true");
        called.focus();
        return true;
      },
    };
  }
}

export default {
  render({ model, el }) {
    const root = h("div", {});
    const spoken = h("p", { class: "mk-visually-hidden", role: "status" });
    const whole = h("div", { class: "mk mk-picker" }, spoken, root);
    el.append(whole);
    keepKeys(whole);
    const kept = {};
    const say = (text) => spoken.replaceChildren(text);
    const fields = () => [...root.querySelectorAll("input[type=text], select")];
    let refused = null;
    const listen = (content) => refused(content);
    const show = () => {
      const before = root.contains(document.activeElement);
      const typing = kept.name || kept.sought ? fields().indexOf(document.activeElement) : -1;
      refused = showPicker(model, root, kept, say);
      if (before) (fields()[typing] ?? root.querySelector("input:checked") ?? root.querySelector("input"))?.focus();
    };
    show();
    model.on("change:spec", show);
    model.on("msg:custom", listen);
    return () => { model.off("change:spec", show); model.off("msg:custom", listen); };
  },
};
