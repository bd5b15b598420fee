// The parts of a form: which of them are open, what they ask, and which of their questions have no answer yet.

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
  return {
    all,
    open,
    asked,
    missing: () => asked().filter((item) => !item.optional && !(item.id in answers)).map((item) => fields.get(item.id)),
    of: (item) => all.find((section) => section.items.includes(item)),
    show(here) {
      const shown = open();
      for (const section of all) {
        section.element.hidden = !shown.includes(section);
        section.element.classList.toggle("mk-elsewhere", paged && section !== here);
        for (const item of section.items) fields.get(item.id).field.element.hidden = !isAsked(item) && !isHeld(item);
      }
    },
  };
}
