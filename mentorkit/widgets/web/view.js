// A form on a page: drawn anew, with the student where they were, when its questions change.

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-form" });
    el.append(root);
    keepKeys(root);
    let shown = showForm(model, root);
    const again = () => { const at = shown.at(); shown.stop(); shown = showForm(model, root, at); };
    model.on("change:spec change:place", again);
    return () => { model.off("change:spec change:place", again); shown.stop(); };
  },
};
