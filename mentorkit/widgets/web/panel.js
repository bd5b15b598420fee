// A result, drawn by Python as HTML in which every text is already escaped. Open details stay open when it is redrawn.

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-panel" });
    el.append(root);
    keepKeys(root);
    const show = () => {
      const open = new Set([...root.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
      root.innerHTML = model.get("html");
      for (const summary of root.querySelectorAll("details > summary")) summary.parentElement.open = open.has(summary.textContent);
    };
    show();
    model.on("change:html", show);
    return () => model.off("change:html", show);
  },
};
