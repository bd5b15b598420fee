// What a long list needs: what is over stands last and in short, the next day first, and a way to find an entry.

const MANY = 6; // open entries; with more there is a way to find one

// The entries as they are shown: the open ones, those with the earliest day first, and those that are over.
function arranged(item, entries) {
  const by = (entry) => (item.sort && isEmpty(entry.value[item.sort]) ? null : entry.value[item.sort]);
  const earlier = (one, other) => {
    const [a, b] = [by(one), by(other)];
    return (a === null) - (b === null) || (a < b ? -1 : Number(a > b));
  };
  const open = entries.filter((entry) => !isOver(item, entry.value));
  return { open: item.sort ? [...open].sort(earlier) : open, over: entries.filter((entry) => !open.includes(entry)) };
}

function finishedBox(words) {
  const title = h("summary", {});
  const list = h("div", {});
  const element = h("details", { class: "mk-finished", hidden: true }, title, list);
  return {
    element,
    list,
    inShort: (text, content) => h("details", { class: "mk-short" }, h("summary", {}, text), content),
    update() {
      const count = list.querySelectorAll(".mk-entry").length;
      title.textContent = fill(words.finished_entries, { count });
      element.hidden = !list.children.length;
    },
  };
}

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// It only shows and hides. `all()` gives what can be found: each with its element and its words.
function finder(words, say, all, reveal) {
  const input = h("input", { type: "text", id: freshId("find"), autocomplete: "off" });
  const said = h("p", { class: "mk-hint" });
  const element = h("div", { class: "mk-find", hidden: true }, h("label", { for: input.id }, words.find_in_list), input, said);
  const sought = () => folded(input.value).split(/\s+/).filter(Boolean);
  const count = () => {
    const shown = all().filter((one) => !one.shell.classList.contains("mk-passed-over"));
    said.textContent = sought().length ? fill(words.shown_of, { shown: shown.length, count: all().length }) : "";
    said.hidden = !said.textContent;
    return shown;
  };
  const look = () => {
    for (const one of all()) {
      const there = folded(one.words());
      one.shell.classList.toggle("mk-passed-over", !sought().every((word) => there.includes(word)));
    }
    if (sought().length) count().forEach(reveal);
    else count();
  };
  input.addEventListener("input", () => { look(); say(said.textContent); });
  return {
    element,
    look,
    update(open) {
      element.hidden = open <= MANY && !input.value;
      count();
    },
  };
}
