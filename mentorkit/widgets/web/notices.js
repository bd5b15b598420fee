// What a form says besides its questions: what is still open, that it is finished, and that there are two answers.

const FEW = 6; // open questions that are listed one by one; more are listed by section

function summaryBox(words) {
  const element = h("div", { class: "mk-summary", tabindex: "-1", role: "group", hidden: true });
  const show = (listing, ...parts) => {
    made.listing = listing;
    element.replaceChildren(...parts);
    element.hidden = false;
    element.setAttribute("aria-labelledby", element.firstChild.id);
  };
  const sentence = (tag, text) => h(tag, { id: freshId("summary") }, text);

  function links(missing, sections, reach) {
    const link = (field, item, text, more = "") => {
      const go = (event) => { event.preventDefault(); reach(item); };
      return h("li", {}, h("a", { href: `#${field.element.id}`, onclick: go }, text), more);
    };
    if (missing.length <= FEW) return missing.map(({ field, item }) => link(field, item, item.text));
    return sections.flatMap((section) => {
      const open = missing.filter(({ item }) => section.items.includes(item));
      return open.length ? [link(open[0].field, open[0].item, section.title, `: ${fill(words.missing_count, { count: open.length })}`)] : [];
    });
  }

  const made = {
    element,
    listing: false, // whether it lists open questions now
    list(missing, sections, reach, anyway) {
      show(true, sentence("h3", words.missing_title), h("p", {}, words.missing_intro), h("ul", {}, links(missing, sections, reach)),
        h("p", {}, button(words.finish_anyway, anyway, "mk-quiet")));
    },
    tell(message) {
      show(false, sentence("p", message));
      element.focus();
    },
    hide() {
      made.listing = false;
      element.hidden = true;
    },
  };
  return made;
}

function sealedBox(words, correct, leave) {
  const element = h("div", { class: "mk-sealed", tabindex: "-1", role: "group", hidden: true });
  const back = button(words.leave_it, leave, "mk-quiet");
  return {
    element,
    canLeave(unchanged) { // as long as nothing was corrected, there is a way back
      back.hidden = !unchanged;
    },
    show(sealedAt, correcting) {
      const title = h("h3", { id: freshId("sealed") }, fill(words.sealed, { date: day(sealedAt) }));
      element.replaceChildren(title, h("p", {}, correcting ? words.correcting : words.sealed_why),
        correcting ? back : button(words.correct_it, correct, "mk-quiet"));
      element.setAttribute("aria-labelledby", title.id);
      element.hidden = false;
    },
  };
}

// Two answers to one question. Nothing is overwritten: the student reads both and chooses.
function conflictBox(item, words, { theirs, mine, keepTheirs, useMine }) {
  const said = (sentence, value) => h("p", { class: "mk-said" }, fill(sentence, { answer: inWords(item, value, words) }));
  const typed = said(words.conflict_mine, mine);
  const element = h("div", { class: "mk-conflict", role: "alert" },
    h("p", {}, h("strong", {}, words.conflict_title)), h("p", {}, words.conflict_intro),
    said(words.conflict_theirs, theirs), typed,
    button(words.keep_theirs, keepTheirs, "mk-quiet"), button(words.use_mine, useMine, "mk-quiet"));
  return { element, update: (value) => { typed.textContent = said(words.conflict_mine, value).textContent; } };
}

function inWords(item, value, words) {
  if (value == null) return words.no_answer;
  if (item.kind === "group") return value.map((entry) => entryInWords(item, entry, words)).join("; ");
  if (item.kind === "date" && isDay(value)) return asWritten(value);
  const label = (code) => item.options?.find((option) => option.code === code)?.label ?? String(code);
  return [value].flat().map(label).join(", ");
}

function entryInWords(item, entry, words) {
  return item.items.filter((part) => part.id in entry).map((part) => inWords(part, entry[part.id], words)).join(" · ");
}

function shortened(text, most) {
  const letters = [...text.replace(/\s+/g, " ").trim()];
  return letters.length > most ? `${letters.slice(0, most - 1).join("").trimEnd()}…` : letters.join("");
}
