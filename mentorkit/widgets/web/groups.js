// The same few fields several times, for example up to three goals: entries are added, taken away and put back.

function groupField(item, { words, report, say }) {
  let entries = [];
  const list = h("div", { class: "mk-entries" });
  const add = button(fill(words.add_entry, { entry: item.entry }), () => { open({}); update(); entries.at(-1).fields[0].focus(); }, "mk-quiet");
  const full = h("p", { class: "mk-hint" }, fill(words.entries_full, { limit: item.at_most }));
  const isFilled = (entry) => Object.keys(entry.value).length > 0;
  const changed = () => report(entries.filter(isFilled).map((entry) => ({ ...entry.value })));

  function update() {
    add.hidden = entries.length >= item.at_most;
    full.hidden = !add.hidden;
    if (add.hidden) list.querySelector(".mk-undo")?.remove();
    entries.forEach((entry, place) => {
      const called = { entry: item.entry, number: place + 1 };
      entry.legend.textContent = fill(words.entry_title, called);
      entry.remove.textContent = fill(words.remove_entry, called);
      entry.remove.hidden = entries.length === 1 && !isFilled(entry);
    });
  }

  function open(value, place = entries.length) {
    const entry = { value: { ...value }, legend: h("legend", {}), remove: button("", () => takeAway(entry), "mk-quiet") };
    entry.fields = item.items.map((part) => {
      const take = (answer) => {
        if (answer === null || answer.trim?.() === "") delete entry.value[part.id];
        else entry.value[part.id] = answer;
        made.fault(null);
        steady(update);
        changed();
      };
      const made = field(part, { words, say, report: take });
      made.id = part.id;
      made.show(value[part.id]);
      return made;
    });
    entry.element = h("fieldset", { class: "mk-entry" }, entry.legend, entry.fields.map((made) => made.element), entry.remove);
    list.insertBefore(entry.element, entries[place]?.element ?? list.querySelector(".mk-undo"));
    entries.splice(place, 0, entry);
    return entry;
  }

  function takeAway(entry) {
    const place = entries.indexOf(entry);
    const empty = !isFilled(entry);
    entries.splice(place, 1);
    entry.element.remove();
    list.querySelector(".mk-undo")?.remove();
    if (!entries.length) open({});
    if (empty) {
      update();
      entries[Math.max(0, place - 1)].fields[0].focus();
      return;
    }
    const said = h("span", { id: freshId("removed") }, words.removed);
    const back = button(words.undo, () => putBack(entry, place), "mk-quiet");
    back.setAttribute("aria-describedby", said.id);
    list.append(h("p", { class: "mk-undo" }, said, " ", back));
    update();
    changed();
    back.focus();
  }

  function putBack(entry, place) {
    if (entries.length === 1 && !isFilled(entries[0])) entries.pop().element.remove();
    const again = open(entry.value, Math.min(place, entries.length));
    list.querySelector(".mk-undo")?.remove();
    update();
    changed();
    again.fields[0].focus();
  }

  function show(value) {
    entries = [];
    list.replaceChildren();
    for (const one of Array.isArray(value) && value.length ? value : [{}]) open(one);
    update();
  }

  const fields = () => entries.flatMap((entry) => entry.fields);
  return {
    element: group(item, words, "mk-group", list, add, full),
    show,
    inputs: () => fields().flatMap((made) => made.inputs()),
    flush: () => fields().forEach((made) => made.flush?.()),
    unready: () => fields().filter((made) => made.unready?.()).length > 0,
    part: ([place, id]) => entries.filter(isFilled)[place]?.fields.find((made) => made.id === id),
  };
}
