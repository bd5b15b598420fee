// Choosing one of a few things that Python names (a mentor, a term), with a way to add one where that makes sense.

function showPicker(model, root) {
  const { title, options, chosen, adding } = model.get("spec");
  const error = h("p", { class: "mk-error", role: "alert", id: freshId("error"), hidden: true });
  const name = freshId("name");
  const inputs = options.map(({ code }) => h("input", { type: "radio", name, value: code, onchange: () => model.send({ type: "choose", code }) }));
  const showChosen = () => { for (const input of inputs) input.checked = input.value === chosen; };
  const cells = options.map(({ label, help }, place) => h("label", { class: "mk-option" }, inputs[place],
    h("span", { class: "mk-text" }, h("span", { class: "mk-label" }, label), help ? h("span", { class: "mk-option-help" }, help) : null)));
  const list = cells.length ? h("fieldset", { class: "mk-item mk-choice" }, h("legend", {}, title), h("div", { class: adding ? "mk-options" : "mk-options mk-side-by-side" }, cells)) : null;
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

  function addForm() {
    const called = h("input", { type: "text", id: freshId("input"), autocomplete: "off", "aria-describedby": error.id });
    const kind = h("select", { id: freshId("input") }, adding.kinds.map(({ code, label }) => h("option", { value: code }, label)));
    let sent = null; // a second click on the same name is not a second mentor
    const add = () => {
      if (sent === called.value) return;
      sent = called.value;
      model.send({ type: "add", name: called.value, kind: kind.value });
      setTimeout(() => { // no reply redrew this form: the next click tries again
        if (sent === null || !called.isConnected) return;
        sent = null;
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
      element: cells.length ? h("details", { class: "mk-adding" }, h("summary", {}, adding.title), entry) : entry,
      refused() {
        if (sent === null) return false;
        sent = null;
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
    const root = h("div", { class: "mk mk-picker" });
    el.append(root);
    keepKeys(root);
    let refused = null;
    const listen = (content) => refused(content);
    const show = () => {
      const before = root.contains(document.activeElement);
      refused = showPicker(model, root);
      if (before) (root.querySelector("input:checked") ?? root.querySelector("input"))?.focus();
    };
    show();
    model.on("change:spec", show);
    model.on("msg:custom", listen);
    return () => { model.off("change:spec", show); model.off("msg:custom", listen); };
  },
};
