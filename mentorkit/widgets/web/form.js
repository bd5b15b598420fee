// A worksheet as a form. It takes a model with get, send, on and off, and knows nothing of who is behind it.

function showForm(model, root, before) {
  const { title, paged, finish: canFinish, words, sections: given } = model.get("spec");
  const [place, state] = [model.get("place"), model.get("state")];
  const answers = Object.assign(Object.create(null), state.answers);
  const seen = Object.assign(Object.create(null), state.revisions);
  const fields = new Map();
  const later = new Map(); // answers from elsewhere to what the student is just at
  const conflicts = new Map();
  let savedAt = state.saved_at;
  let sealedAt = state.sealed_at;
  let asSealed = state.unchanged ? canonical(answers) : null; // what a correction begins with
  let here = null;

  const spoken = h("p", { class: "mk-visually-hidden", role: "status" });
  const say = (text) => spoken.replaceChildren(text);
  const isHeld = (item) => Boolean(outbox.entries.get(item.id)?.held);
  const makeField = (item) => field(item, { words, say, report: (value, typing) => answered(item, value, typing) });
  const { all: sections, open: openSections, asked, missing, ...parts } = sectionsOf(given, { words, paged, answers, fields, isHeld, makeField });
  const outbox = new Outbox(place, fields.keys(), (content) => model.send(content), () => showStatus());
  const ending = new Ending(() => model.send({ type: "finish", place }), () => showStatus());
  const status = statusLine(words, say);
  const progress = progressBar(words);
  const summary = summaryBox(words);
  const sealed = sealedBox(words, () => { showSealed(true); goTo(openSections()[0]); }, leaveCorrection);
  const again = before?.place === place ? before : null; // drawn anew with other options: the student stays where they are
  const done = again?.done ?? new Steps();
  const back = undoButton(words, undo);
  const steps = stepsBar(words, { paged, canFinish, goTo, finish });
  const form = h("form", { class: "mk-sheet", novalidate: true, "aria-label": title, onsubmit: (event) => event.preventDefault() },
    h("div", { class: "mk-bar" }, progress.element, h("div", { class: "mk-standing" }, status.element, back)),
    state.earlier && !sealedAt ? h("p", { class: "mk-intro" }, words.answer_first) : null,
    summary.element, sections.map((section) => section.element), steps.element);
  root.replaceChildren(spoken, sealed.element, form);

  // Answering

  function note(id, value) {
    if (isEmpty(value)) delete answers[id];
    else answers[id] = value;
  }

  function answered(item, value, typing) {
    const kept = isEmpty(value) ? null : value;
    done.note(item.id, answers[item.id], kept, typing);
    put(item, kept);
  }

  function put(item, kept) {
    note(item.id, kept);
    ending.stop();
    if (conflicts.has(item.id)) {
      outbox.amend(item.id, kept);
      conflicts.get(item.id).update(kept);
    } else {
      fields.get(item.id).field.fault(null);
      outbox.put(item.id, kept, seen[item.id] ?? 0);
    }
    steady(() => {
      showWhatApplies();
      if (summary.listing) showMissing();
    });
  }

  function undo() {
    flush();
    const step = done.last(isThere);
    if (!step) return false;
    done.take(step);
    const { item, field: one } = fields.get(step.item);
    const differing = one.restore ? one.restore(step.before) : one.show(step.before ?? undefined);
    put(item, step.before);
    reach(item, differing);
    say(fill(words.undone, { question: item.text }));
    return true;
  }

  function take(id, value, revision) {
    later.delete(id);
    done.forget(id);
    note(id, value);
    seen[id] = revision;
    fields.get(id)?.field.show(value ?? undefined);
    fields.get(id)?.field.fault(null);
    showWhatApplies();
  }

  function takeLater(id, focused) {
    const told = later.get(id);
    const one = fields.get(id)?.field;
    if (!told || one?.element.contains(focused)) return;
    one?.flush?.();
    if (outbox.entries.has(id)) return; // the workbook will say that there are two answers
    later.delete(id);
    if (told.revision > (seen[id] ?? 0)) take(id, told.value, told.revision);
  }

  function choose(item, theirs, revision) {
    const one = fields.get(item.id).field;
    later.delete(item.id);
    outbox.hold(item.id);
    conflicts.get(item.id)?.element.remove();
    const mine = () => outbox.entries.get(item.id).value;
    const decided = () => { box.element.remove(); conflicts.delete(item.id); };
    const keepTheirs = () => { decided(); outbox.drop(item.id); take(item.id, theirs, revision); showStatus(); one.focus(); };
    const useMine = () => { decided(); seen[item.id] = revision; answered(item, mine()); one.focus(); };
    const box = conflictBox(item, words, { theirs, mine: mine(), keepTheirs, useMine });
    conflicts.set(item.id, box);
    one.element.append(box.element);
    showWhatApplies();
  }

  // Showing

  const isThere = (id) => fields.has(id) && asked().includes(fields.get(id).item);

  function showWhatApplies() {
    const open = openSections();
    if (!open.includes(here)) here = open[0];
    parts.show(here);
    back.hidden = !done.last(isThere);
    sealed.canLeave(canLeave());
    const total = asked().filter((item) => !item.optional).length;
    progress.show(total - missing().length, total);
    steps.show(parts.screens(), parts.screen(here));
  }

  function goTo(section) {
    const before = asked().length;
    flush();
    const revealed = asked().length > before && missing().find(({ item }) => here.items.includes(item));
    if (revealed) return reach(revealed.item); // what was just typed brought up another question here
    here = section;
    showWhatApplies();
    section.heading.focus({ preventScroll: true });
    return form.scrollIntoView({ block: "start" });
  }

  function reach(item, at) {
    here = parts.of(item);
    showWhatApplies();
    const one = fields.get(item.id).field;
    if (!at) one.element.scrollIntoView({ block: "center" });
    (conflicts.get(item.id)?.element.querySelector("button") ?? at ?? one).focus();
  }

  function forward() {
    const screens = parts.screens();
    const next = paged && screens[screens.indexOf(parts.screen(here)) + 1];
    if (next) goTo(next);
    else if (canFinish) finish();
  }

  function showStatus() {
    status.show(outbox, ending, savedAt);
    sealed.canLeave(canLeave());
    if (!outbox.size) ending.ready();
  }

  function showSealed(correcting) {
    form.classList.toggle("mk-away", Boolean(sealedAt) && !correcting);
    if (sealedAt) sealed.show(sealedAt, correcting);
  }

  const canLeave = () => asSealed !== null && !outbox.size && asSealed === canonical(answers);

  function leaveCorrection() {
    flush();
    if (!canLeave()) return;
    showSealed(false);
    sealed.element.focus();
  }

  // Finishing

  function flush() {
    for (const { field: one } of fields.values()) one.flush?.();
  }

  function finish() {
    flush();
    const unready = asked().find((item) => fields.get(item.id).field.unready?.());
    if (unready) return reach(unready);
    if (!missing().length) return end();
    for (const { field: one } of missing()) one.fault(words.missing_item);
    showMissing();
    return summary.element.focus();
  }

  function showMissing() {
    const open = missing();
    if (open.length) summary.list(open, sections, reach, end);
    else summary.hide();
  }

  function end() {
    flush();
    const [held] = outbox.held;
    if (held) return reach(fields.get(held).item);
    summary.hide();
    return ending.want();
  }

  // Being told

  const replies = {
    saved({ n, item, revision, at }) {
      seen[item] = Math.max(seen[item] ?? 0, revision);
      savedAt = at;
      outbox.settle(item, n);
      takeLater(item, document.activeElement);
    },
    refused({ n, item, message, at }) {
      if (!outbox.has(item, n)) return;
      const sentence = fields.get(item).field.fault(message, at);
      outbox.hold(item);
      showWhatApplies();
      say(sentence);
    },
    unsaved({ n, item, message }) {
      outbox.fail(item, n, message);
      if (ending.stop()) summary.tell(fill(words.unsaved, { reason: message }));
      showStatus();
    },
    conflict({ n, item, theirs, revision, at }) {
      savedAt = at;
      if (!outbox.has(item, n)) return;
      if (!outbox.wrote(item, theirs)) return choose(fields.get(item).item, theirs, revision);
      seen[item] = revision; // what stands there is what this page sent before
      outbox.put(item, outbox.entries.get(item).value, revision);
    },
    elsewhere({ item, value, revision, at }) {
      if (revision <= (seen[item] ?? 0)) return;
      savedAt = at;
      showStatus();
      if (conflicts.has(item)) return choose(fields.get(item).item, value, revision);
      later.set(item, { value, revision });
      if (!outbox.entries.has(item)) takeLater(item, document.activeElement);
    },
    sealed({ at }) {
      flush(); // what was typed while the workbook was finishing is a correction already
      const asWanted = ending.stop();
      sealedAt = at;
      asSealed = asWanted ? canonical(answers) : null;
      for (const [id, { field: one }] of fields) if (!outbox.entries.has(id)) one.fault(null);
      showStatus();
      showSealed(!asWanted);
      if (!asWanted) return;
      sealed.element.focus();
      sealed.element.scrollIntoView({ block: "nearest" });
    },
    told({ message }) {
      ending.stop();
      showStatus();
      summary.tell(message);
    },
    standing({ saved_at, sealed_at, unchanged }) { // this view may be drawn from what the form was when it began
      savedAt = saved_at;
      showStatus();
      if (sealed_at === sealedAt) return;
      sealedAt = sealed_at;
      asSealed = unchanged ? canonical(answers) : null;
      showSealed(!unchanged);
    },
  };
  const listen = (content) => steady(() => replies[content?.type]?.(content));

  for (const [id, entry] of outbox.entries) note(id, entry.value); // typed before a reload and never acknowledged
  for (const [id, { field: one }] of fields) one.show(answers[id]);
  here = sections.find((section) => (again ? section.id === again.section : section.items.includes(missing()[0]?.item)))
    ?? sections.findLast((section) => applies(section, answers)); // nothing is open any more: where the form ends
  showWhatApplies();
  showStatus();
  showSealed(!state.unchanged);
  const watching = new AbortController();
  const watch = (target, type, act) => target.addEventListener(type, act, { signal: watching.signal });
  model.on("msg:custom", listen);
  watch(root, "focusin", () => done.moved());
  watch(root, "focusout", (event) => { for (const id of [...later.keys()]) takeLater(id, event.relatedTarget); });
  watch(document, "visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  watch(window, "beforeunload", (event) => { flush(); if (outbox.size && !outbox.kept) event.preventDefault(); });
  shortcuts(form, { undo, forward });
  model.send({ type: "hello", place, revisions: { ...seen } });
  outbox.resend();
  fields.get(again?.item)?.field.inputs()[again.input]?.focus();
  return {
    at() {
      const [item, one] = [...fields].find(([, { field: each }]) => each.element.contains(document.activeElement)) ?? [];
      return { place, section: here?.id, done, item, input: one?.field.inputs().indexOf(document.activeElement) };
    },
    stop() {
      flush();
      outbox.stop();
      ending.stop();
      model.off("msg:custom", listen);
      watching.abort();
    },
  };
}
