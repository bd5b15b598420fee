// The same few fields several times, for example up to three goals: entries are added, taken away and put back.

const NAME = 48; // letters of an entry's own words that are its name
const SHORT = 120; // letters of an entry that is over

function groupField(item, { words, report, say }) {
  let entries = []; // in the student's order, which is saved; the page may show them in another
  const naming = item.items.find((part) => part.kind === "text")?.id;
  const list = h("div", { class: "mk-entries" });
  const over = finishedBox(words);
  const add = button(fill(words.add_entry, { entry: item.entry }), () => { openNew(); update(); entries.at(-1).fields[0].focus(); }, "mk-quiet");
  const full = h("p", { class: "mk-hint" }, fill(words.entries_full, { limit: item.at_most }));
  const find = finder(words, say, () => entries, (entry) => unfold(entry, false));
  const element = group(item, words, "mk-group", find.element, list, add, full, over.element);
  const isFilled = (entry) => Object.keys(entry.value).length > 0;
  const isBlankStart = () => entries.length === 1 && !isFilled(entries[0]);
  const changed = (typing) => report(entries.filter(isFilled).map((entry) => ({ ...entry.value })), typing);
  const shown = () => [...element.querySelectorAll(".mk-entry")].map((one) => entries.find((entry) => entry.element === one));
  const nameOf = (entry) => (typeof entry.value[naming] === "string" ? shortened(entry.value[naming], NAME) : "");

  function update() {
    add.hidden = entries.length >= item.at_most;
    full.hidden = !add.hidden;
    if (add.hidden) element.querySelector(".mk-undo")?.remove();
    shown().forEach((entry, place) => {
      const name = nameOf(entry);
      const called = { entry: item.entry, number: place + 1 };
      entry.legend.textContent = name || fill(words.entry_title, called);
      entry.legend.classList.toggle("mk-named", Boolean(name));
      entry.remove.textContent = name ? fill(words.remove_named, { name }) : fill(words.remove_entry, called);
      entry.remove.hidden = isBlankStart();
    });
    over.update();
    find.update(list.querySelectorAll(":scope > .mk-entry").length);
  }

  function make(value, place = entries.length) {
    const entry = { value: { ...value }, legend: h("legend", {}), remove: button("", () => takeAway(entry), "mk-quiet") };
    entry.fields = item.items.map((part) => {
      const take = (answer, typing) => {
        if (isEmpty(answer)) delete entry.value[part.id];
        else entry.value[part.id] = answer;
        made.fault(null);
        steady(update);
        changed(typing);
      };
      const made = field(part, { words, say, report: take });
      made.id = part.id;
      made.show(entry.value[part.id]);
      return made;
    });
    entry.element = h("fieldset", { class: "mk-entry" }, entry.legend, entry.fields.map((made) => made.element), entry.remove);
    entry.shell = entry.element; // what stands in the list: the entry itself, or what it is folded into
    entry.words = () => entryInWords(item, entry.value, words);
    entries.splice(place, 0, entry);
    return entry;
  }

  function openNew(value = {}, place = entries.length, before = null) {
    const entry = make(value, place);
    list.insertBefore(entry.shell, before?.parentElement === list ? before : null);
    return entry;
  }

  function unfold(entry, wholly = true) {
    entry.shell.classList.remove("mk-passed-over");
    const folds = over.list.contains(entry.element) ? [over.element, wholly && entry.shell] : [];
    for (const fold of folds.filter(Boolean)) fold.open = true;
  }

  const near = (place) => { // what has the focus when an entry is gone
    const next = shown().filter((entry) => !over.list.contains(entry.element)).at(Math.max(0, place - 1));
    (next?.fields[0] ?? add).focus();
  };

  function takeAway(entry) {
    const [place, at] = [entries.indexOf(entry), shown().indexOf(entry)];
    element.querySelector(".mk-undo")?.remove();
    entries.splice(place, 1);
    if (!isFilled(entry)) {
      entry.shell.remove();
      update();
      near(at);
      return;
    }
    const said = h("span", { id: freshId("removed") }, words.removed);
    const back = button(words.put_back, () => putBack(entry, place, box), "mk-quiet");
    back.setAttribute("aria-describedby", said.id);
    const box = h("p", { class: "mk-undo" }, said, " ", back);
    entry.shell.replaceWith(box);
    if (!entries.length) openNew({}, 0, box);
    update();
    changed();
    back.focus();
  }

  function putBack(entry, place, box) {
    if (isBlankStart()) entries.pop().shell.remove();
    entries.splice(Math.min(place, entries.length), 0, entry);
    box.replaceWith(entry.shell);
    update();
    changed();
    entry.fields[0].focus();
  }

  function show(value) {
    entries = [];
    for (const one of Array.isArray(value) && value.length ? value : [{}]) make(one);
    const { open, over: gone } = arranged(item, entries);
    for (const entry of gone) entry.shell = over.inShort(shortened(entry.words(), SHORT), entry.element);
    list.replaceChildren(...open.map((entry) => entry.shell));
    over.list.replaceChildren(...gone.map((entry) => entry.shell));
    update();
    find.look();
  }

  // An earlier list, with as little as possible moved on the page. Gives what to focus: the field that differs.
  function restore(value) {
    const [now, then] = [entries.filter(isFilled), Array.isArray(value) ? value : []];
    const alike = (entry, one) => canonical(entry.value) === canonical(one);
    const least = Math.min(now.length, then.length);
    let start = 0;
    let end = 0;
    while (start < least && alike(now[start], then[start])) start += 1;
    while (end < least - start && alike(now.at(-1 - end), then.at(-1 - end))) end += 1;
    const stale = now.slice(start, now.length - end);
    const fresh = then.slice(start, then.length - end);
    const next = now[now.length - end];
    const differing = stale.slice(0, fresh.length).map((entry, place) => rewrite(entry, fresh[place]));
    const at = shown().indexOf(stale[fresh.length]);
    for (const entry of stale.slice(fresh.length)) {
      entries.splice(entries.indexOf(entry), 1);
      entry.shell.remove();
    }
    if (isBlankStart() && fresh.length > stale.length) entries.pop().shell.remove();
    const box = element.querySelector(".mk-undo");
    const added = fresh.slice(stale.length).map((one) => openNew(one, next ? entries.indexOf(next) : entries.length, box ?? next?.shell));
    if (added.length) box?.remove();
    if (!entries.length) openNew();
    update();
    const seen = [...differing.flat(), ...added.map((entry) => entry.fields[0])][0];
    return seen ? { focus: () => { reveal(seen.inputs()[0]); seen.focus(); } } : { focus: () => near(at) };
  }

  function rewrite(entry, value) {
    const differing = entry.fields.filter((made) => canonical(entry.value[made.id]) !== canonical(value[made.id]));
    entry.value = { ...value };
    for (const made of differing) {
      made.show(value[made.id]);
      made.fault(null);
    }
    return differing;
  }

  function reveal(input) {
    const entry = entries.find((one) => one.element.contains(input));
    if (entry) unfold(entry);
  }

  const fields = () => entries.flatMap((entry) => entry.fields);
  return {
    element,
    show,
    restore,
    reveal,
    inputs: () => fields().flatMap((made) => made.inputs()),
    first: () => list.querySelector(".mk-entry:not(.mk-passed-over) :is(input, textarea)") ?? (add.hidden ? fields()[0].inputs()[0] : add),
    flush: () => fields().forEach((made) => made.flush?.()),
    unready: () => fields().filter((made) => made.unready?.()).length > 0,
    part: ([place, id]) => {
      const entry = entries.filter(isFilled)[place];
      if (entry) unfold(entry);
      return entry?.fields.find((made) => made.id === id);
    },
  };
}
