// The parts of a form: which of them are open, what they ask, and which of their questions have no answer yet.

const TOGETHER = 4; // parts of one rating each that share a screen

function sectionsOf(given, { words, paged, answers, fields, isHeld, makeField }) {
  function make(section) {
    const heading = h("h3", { id: freshId("heading"), tabindex: "-1" }, section.title);
    const made = section.items.map((item) => {
      const field = makeField(item);
      fields.set(item.id, { item, field });
      return field.element;
    });
    const intro = section.intro ? h("div", { class: "mk-intro" }, paragraphs(section.intro)) : null;
    const element = h("section", { class: "mk-section", "aria-labelledby": heading.id }, heading, intro, details(words.more_help, section.help), made);
    return { ...section, heading, element };
  }

  const all = given.map(make);
  const isAsked = (item) => applies(item, answers) && item.options?.length !== 0; // a choice among mentors waits for the first mentor
  const open = () => all.filter((section) => applies(section, answers) || section.items.some(isHeld));
  const asked = () => all.filter((section) => applies(section, answers)).flatMap((section) => section.items.filter(isAsked));
  const isSmall = (section) => { const [one, ...more] = section.items.filter(isAsked); return one?.kind === "rating" && !more.length; };

  function together() { // small parts that follow one another share a screen; an introduction begins a new one
    const found = [];
    for (const section of open()) {
      const last = found.at(-1);
      if (last?.length < TOGETHER && last.every(isSmall) && isSmall(section) && !section.intro) last.push(section);
      else found.push([section]);
    }
    return found;
  }
  const sharing = (section) => together().find((screen) => screen.includes(section)) ?? [];

  return {
    all,
    open,
    asked,
    screens: () => together().map(([first]) => first), // each by its first part
    screen: (section) => sharing(section)[0],
    missing: () => asked().filter((item) => !item.optional && !(item.id in answers)).map((item) => fields.get(item.id)),
    of: (item) => all.find((section) => section.items.includes(item)),
    show(here) {
      const [shown, shared] = [open(), sharing(here)];
      for (const section of all) {
        section.element.hidden = !shown.includes(section);
        section.element.classList.toggle("mk-elsewhere", paged && !shared.includes(section));
        for (const item of section.items) fields.get(item.id).field.element.hidden = !isAsked(item) && !isHeld(item);
      }
    },
  };
}
