// A worksheet as a form. It takes a model with get, send and on, and knows nothing of who is behind it.

const applies = ({ when, unless }, answers) => {
  const holds = ([item, codes]) => item in answers && (codes === "answered" || codes.includes(answers[item]));
  return Object.entries(when).every(holds) && !Object.entries(unless).some(holds);
};

const FEW = 6; // missing answers that are listed one by one; more are listed by section

function showForm(model, root) {
  const spec = model.get("spec");
  const words = spec.words;
  const state = model.get("state");
  const answers = { ...state.answers };
  const seen = { ...state.revisions };
  const fields = new Map();
  const sections = spec.sections.map((section) => makeSection(section));
  const outbox = new Outbox(spec.place, (content) => model.send(content), () => showStatus());
  let savedAt = state.saved_at;
  let sealedAt = state.sealed_at;
  let finishing = false;
  let here = null;

  const status = h("p", { class: "mk-status" });
  const spoken = h("p", { class: "mk-visually-hidden", role: "status" });
  const count = h("span", { class: "mk-count" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": words.progress });
  const summary = h("div", { class: "mk-summary", tabindex: "-1", role: "group", hidden: true });
  const notice = h("div", { class: "mk-sealed", tabindex: "-1", hidden: true });
  const steps = h("div", { class: "mk-steps" });
  const form = h("form", { class: "mk-sheet", novalidate: true, "aria-label": spec.title, onsubmit: (event) => event.preventDefault() },
    h("div", { class: "mk-bar" }, h("div", { class: "mk-progress" }, bar, count), status),
    summary, sections.map((section) => section.element), steps);
  root.replaceChildren(spoken, notice, form);

  function makeSection(section) {
    const heading = h("h3", { id: freshId("heading"), tabindex: "-1" }, section.title);
    const made = section.items.map((item) => {
      const one = field(item, words, (value) => answered(item, value));
      fields.set(item.id, { item, field: one });
      return one.element;
    });
    const element = h("section", { class: "mk-section", "aria-labelledby": heading.id },
      heading, section.intro ? h("div", { class: "mk-intro" }, paragraphs(section.intro)) : null, details(words.more, section.help), made);
    return { ...section, heading, element };
  }

  function answered(item, value) {
    const empty = value === null || (Array.isArray(value) && !value.length) || (typeof value === "string" && !value.trim());
    if (empty) delete answers[item.id];
    else answers[item.id] = value;
    fields.get(item.id).field.fault(null);
    outbox.put(item.id, empty ? null : value, seen[item.id] ?? 0);
    showWhatApplies();
  }

  function asked() {
    return sections.filter((section) => applies(section, answers))
      .flatMap((section) => section.items.filter(isAsked));
  }

  function isAsked(item) { // a choice among mentors waits for the first mentor
    return applies(item, answers) && item.options?.length !== 0;
  }

  function showWhatApplies() {
    const open = sections.filter((section) => applies(section, answers));
    if (!open.includes(here)) here = open[0];
    for (const section of sections) {
      section.element.hidden = !open.includes(section);
      section.element.classList.toggle("mk-elsewhere", spec.paged && section !== here);
      for (const item of section.items) fields.get(item.id).field.element.hidden = !isAsked(item);
    }
    showProgress();
    showSteps(open);
  }

  function showProgress() {
    const counted = asked().filter((item) => !item.optional);
    const done = counted.filter((item) => item.id in answers).length;
    bar.max = Math.max(counted.length, 1);
    bar.value = done;
    bar.parentElement.hidden = !counted.length;
    count.textContent = fill(words.answered, { answered: done, total: counted.length });
  }

  function showSteps(open) {
    const place = open.indexOf(here);
    const last = !spec.paged || place === open.length - 1;
    const next = open[place + 1];
    const signature = JSON.stringify([place, next?.id, last, open.length]);
    if (steps.dataset.signature === signature) return; // the student may be on one of these buttons
    steps.dataset.signature = signature;
    steps.replaceChildren(...[
      spec.paged && place > 0 ? button(words.back, () => goTo(open[place - 1]), "mk-quiet") : null,
      last ? null : button(fill(words.next_section, { title: next.title }), () => goTo(next)),
      last && spec.finish ? button(words.finish, finish) : null,
      spec.paged ? h("span", { class: "mk-part" }, fill(words.section_of, { number: place + 1, total: open.length })) : null,
    ].filter(Boolean));
  }

  function goTo(section) {
    here = section;
    showWhatApplies();
    section.heading.focus({ preventScroll: true });
    form.scrollIntoView({ block: "start" });
  }

  function showStatus() {
    let text = savedAt ? fill(words.saved, { time: clock(savedAt) }) : words.not_started;
    if (outbox.late) text = fill(words.unsaved, { reason: outbox.reason ?? (outbox.kept ? words.waiting : words.no_storage) });
    else if (outbox.held()) text = fill(words.unsaved, { reason: words.see_mark });
    else if (outbox.size) text = words.saving;
    const late = outbox.late || Boolean(outbox.held());
    if (late !== status.classList.contains("mk-late")) spoken.textContent = text; // said once, not at each answer
    status.classList.toggle("mk-late", late);
    status.textContent = text;
    if (finishing && !outbox.size) { finishing = false; model.send({ type: "finish" }); }
  }

  function flush() {
    for (const { field: one } of fields.values()) one.flush?.();
  }

  function finish() {
    flush();
    const missing = asked().filter((item) => !item.optional && !(item.id in answers));
    if (missing.length) return showMissing(missing);
    return seal();
  }

  function seal() {
    summary.hidden = true;
    const held = outbox.held();
    if (held) return reach(fields.get(held).item);
    finishing = true;
    showStatus();
  }

  function showMissing(missing) {
    for (const item of missing) fields.get(item.id).field.fault(words.missing_item);
    const links = missing.length > FEW ? sectionLinks(missing) : missing.map((item) => link(item, item.text));
    summary.replaceChildren(
      h("h3", {}, words.missing_title), h("p", {}, words.missing_intro), h("ul", {}, links),
      h("p", {}, button(words.finish_anyway, seal, "mk-quiet")));
    summary.hidden = false;
    summary.focus();
  }

  function link(item, text, more = "") {
    const go = (event) => { event.preventDefault(); reach(item); };
    return h("li", {}, h("a", { href: `#${fields.get(item.id).field.element.id}`, onclick: go }, text), more);
  }

  function sectionLinks(missing) {
    return sections.flatMap((section) => {
      const open = section.items.filter((item) => missing.includes(item));
      return open.length ? [link(open[0], section.title, `: ${fill(words.missing_count, { count: open.length })}`)] : [];
    });
  }

  function reach(item) {
    here = sections.find((section) => section.items.includes(item));
    showWhatApplies();
    const one = fields.get(item.id).field;
    one.element.scrollIntoView({ block: "center" });
    one.focus();
  }

  function showSealed(correcting) {
    form.hidden = Boolean(sealedAt) && !correcting;
    notice.hidden = !sealedAt;
    if (!sealedAt) return;
    const day = new Date(sealedAt).toLocaleDateString(document.documentElement.lang || [], { day: "numeric", month: "long", year: "numeric" });
    notice.replaceChildren(h("h3", {}, fill(words.sealed, { date: day })),
      h("p", {}, correcting ? words.correcting : words.sealed_why),
      correcting ? "" : button(words.correct_it, () => { showSealed(true); goTo(sections[0]); }, "mk-quiet"));
  }

  function choose(item, theirs, theirsSeen) {
    const one = fields.get(item.id).field;
    const mine = outbox.entries.get(item.id)?.value ?? null;
    outbox.hold(item.id);
    const box = h("div", { class: "mk-conflict", role: "alert" },
      h("p", {}, h("strong", {}, words.conflict_title)), h("p", {}, words.conflict_intro),
      h("p", {}, fill(words.conflict_theirs, { answer: inWords(item, theirs) })),
      h("p", {}, fill(words.conflict_mine, { answer: inWords(item, mine) })),
      button(words.keep_theirs, () => { box.remove(); take(item, theirs, theirsSeen); outbox.settle(item.id, outbox.entries.get(item.id)?.n); }, "mk-quiet"),
      button(words.use_mine, () => { box.remove(); seen[item.id] = theirsSeen; answered(item, mine); }, "mk-quiet"));
    one.element.querySelector(":scope > .mk-conflict")?.remove();
    one.element.append(box);
  }

  function inWords(item, value) {
    if (value == null) return words.no_answer;
    if (item.kind === "group") return value.map((entry) => Object.values(entry).join(" · ")).join("; ");
    const labels = [value].flat().map((code) => item.options?.find((option) => option.code === code)?.label ?? String(code));
    return labels.join(", ");
  }

  function take(item, value, revision) {
    if (value == null) delete answers[item.id];
    else answers[item.id] = value;
    seen[item.id] = revision;
    fields.get(item.id).field.show(value ?? undefined);
    showWhatApplies();
  }

  const replies = {
    saved({ n, item, revision, at }) {
      seen[item] = Math.max(seen[item] ?? 0, revision);
      savedAt = at;
      outbox.settle(item, n);
    },
    refused({ n, item, message }) {
      if (outbox.entries.get(item)?.n !== n) return;
      fields.get(item)?.field.fault(message);
      outbox.hold(item);
    },
    unsaved({ message }) {
      finishing = false;
      outbox.fail(message);
    },
    conflict({ n, item, theirs, revision }) {
      if (outbox.entries.get(item)?.n === n) choose(fields.get(item).item, theirs, revision);
    },
    elsewhere({ item, value, revision }) {
      const one = fields.get(item);
      if (one && !outbox.entries.has(item) && !one.field.element.contains(document.activeElement)) take(one.item, value, revision);
    },
    sealed({ at }) {
      sealedAt = at;
      showSealed(false);
      notice.focus();
      notice.scrollIntoView({ block: "nearest" });
    },
    told({ message }) {
      summary.replaceChildren(h("p", {}, message));
      summary.hidden = false;
      summary.focus();
    },
  };
  const listen = (content) => replies[content?.type]?.(content);
  const leaving = () => { if (document.visibilityState === "hidden") flush(); };
  const warn = (event) => { flush(); if (outbox.size && !outbox.kept) event.preventDefault(); };

  for (const [id, { field: one }] of fields) one.show(answers[id]);
  for (const [id, entry] of outbox.entries) { // typed before a reload and never acknowledged
    if (!fields.has(id)) continue;
    if (entry.value === null) delete answers[id];
    else answers[id] = entry.value;
    fields.get(id).field.show(entry.value ?? undefined);
  }
  const open = () => asked().find((item) => !item.optional && !(item.id in answers));
  here = sections.find((section) => section.items.includes(open())) ?? sections[0];
  showWhatApplies();
  showStatus();
  showSealed(!state.unchanged);
  model.on("msg:custom", listen);
  document.addEventListener("visibilitychange", leaving);
  window.addEventListener("beforeunload", warn);
  model.send({ type: "hello", revisions: seen });
  outbox.resend();
  return () => {
    flush();
    outbox.stop();
    model.off("msg:custom", listen);
    document.removeEventListener("visibilitychange", leaving);
    window.removeEventListener("beforeunload", warn);
  };
}

export default {
  render({ model, el }) {
    const root = h("div", { class: "mk mk-form" });
    el.append(root);
    keepKeys(root);
    let stop = showForm(model, root);
    const again = () => { stop(); stop = showForm(model, root); };
    model.on("change:spec", again);
    return () => { model.off("change:spec", again); stop(); };
  },
};
