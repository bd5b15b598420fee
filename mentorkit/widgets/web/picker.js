// Choosing one of a few things that Python names (a mentor, a term), with a way to add one where that makes sense.

function showPicker(model, root) {
  const { title, options, chosen, adding } = model.get("spec");
  const name = freshId("name");
  const error = h("p", { class: "mk-error", role: "alert", hidden: true });
  const cells = options.map(({ code, label, help }) => {
    const input = h("input", { type: "radio", name, value: code, onchange: () => model.send({ type: "choose", code }) });
    input.checked = code === chosen;
    return h("label", { class: "mk-option" }, input, h("span", { class: "mk-text" }, h("span", { class: "mk-label" }, label), help ? h("span", { class: "mk-option-help" }, help) : null));
  });
  const list = cells.length ? h("fieldset", { class: "mk-item mk-choice" }, h("legend", {}, title), h("div", { class: adding ? "mk-options" : "mk-options mk-side-by-side" }, cells)) : null;
  root.replaceChildren(...[list, adding ? addForm() : null, error].filter(Boolean));
  return (content) => {
    error.textContent = content?.message ?? "";
    error.hidden = !content?.message;
  };

  function addForm() {
    const called = h("input", { type: "text", id: freshId("input"), autocomplete: "off" });
    const kind = h("select", { id: freshId("input") }, adding.kinds.map(({ code, label }) => h("option", { value: code }, label)));
    const add = () => model.send({ type: "add", name: called.value, kind: kind.value });
    called.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
    const parts = [
      h("div", { class: "mk-item mk-written" }, h("label", { for: called.id }, adding.name), h("p", { class: "mk-hint" }, adding.hint), called),
      h("div", { class: "mk-item mk-written" }, h("label", { for: kind.id }, adding.kind), kind),
      button(adding.add, add, cells.length ? "mk-quiet" : ""),
    ];
    if (!cells.length) return h("div", { class: "mk-entry" }, parts);
    return h("details", { class: "mk-adding" }, h("summary", {}, adding.title), h("div", { class: "mk-entry" }, parts));
  }
}

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-picker" });
    el.append(root);
    keepKeys(root);
    let refused = null;
    const listen = (content) => refused?.(content);
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
