// A result, drawn by Python as HTML in which every text is already escaped. Open details stay open when it is redrawn.

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-panel" });
    el.append(root);
    keepKeys(root);
    const places = () => [...root.querySelectorAll("summary, a, button")];
    const named = () => { // each summary by its words, and by its turn where several have the same
      const times = {};
      return [...root.querySelectorAll("details > summary")].map((summary) => {
        const words = summary.textContent;
        times[words] = (times[words] ?? 0) + 1;
        return [`${words} ${times[words]}`, summary.parentElement];
      });
    };
    const show = () => {
      const open = new Map(named().map(([name, one]) => [name, one.open]));
      const at = places().indexOf(document.activeElement);
      root.innerHTML = model.get("html");
      for (const [name, one] of named()) if (open.has(name)) one.open = open.get(name);
      if (at >= 0) places()[at]?.focus({ preventScroll: true });
    };
    show();
    model.on("change:html", show);
    return () => model.off("change:html", show);
  },
};
