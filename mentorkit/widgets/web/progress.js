// How far the student is, whether all is saved, the way to the next section, and the wait while a worksheet is finished.

function progressBar(words) {
  const count = h("span", { class: "mk-count" });
  const bar = h("progress", { max: 1, value: 0, "aria-label": words.progress });
  const element = h("div", { class: "mk-progress" }, bar, count);
  return {
    element,
    show(done, total) {
      bar.max = Math.max(total, 1);
      bar.value = done;
      element.hidden = !total;
      count.textContent = fill(words.answered, { answered: done, total });
    },
  };
}

function statusLine(words, say) {
  const element = h("p", { class: "mk-status" });
  const text = (outbox, ending, savedAt) => {
    if (ending.unheard) return words.unfinished;
    if (outbox.late) return fill(words.unsaved, { reason: outbox.reason ?? (outbox.kept ? words.waiting : words.no_storage) });
    if (outbox.held.length) return fill(words.unsaved, { reason: words.see_mark });
    if (outbox.size || ending.wanted) return words.saving;
    return savedAt ? fill(words.saved, { time: clock(savedAt) }) : words.not_started;
  };
  return {
    element,
    show(outbox, ending, savedAt) {
      const late = ending.unheard || outbox.late || outbox.held.length > 0;
      element.textContent = text(outbox, ending, savedAt);
      if (late !== element.classList.contains("mk-late")) say(element.textContent); // said once, not at each answer
      element.classList.toggle("mk-late", late);
    },
  };
}

function stepsBar(words, { paged, canFinish, goTo, finish }) {
  const element = h("div", { class: "mk-steps" });
  let shown = "";
  return {
    element,
    show(open, here) {
      const at = open.indexOf(here);
      const last = !paged || at === open.length - 1;
      const next = open[at + 1];
      const now = JSON.stringify([at, next?.id, last, open.length]);
      if (shown === now) return; // the student may be on one of these buttons
      shown = now;
      element.replaceChildren(...[
        paged && at > 0 ? button(words.back, () => goTo(open[at - 1]), "mk-quiet") : null,
        last ? null : button(fill(words.next_section, { title: next.title }), () => goTo(next)),
        last && canFinish ? button(words.finish, finish) : null,
        paged ? h("span", { class: "mk-part" }, fill(words.section_of, { number: at + 1, total: open.length })) : null,
      ].filter(Boolean));
    },
  };
}

// Finishing waits until every answer is saved; then it is asked for, again and again, until there is a reply.
class Ending {
  #timer = null;

  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
    this.wanted = false;
    this.asked = false;
    this.unheard = false; // asked, and no reply in time
  }

  want() {
    this.wanted = true;
    this.changed();
  }

  ready() {
    if (this.wanted && !this.asked) this.#send();
  }

  stop() { // a reply came, or the student went on answering; says whether finishing was under way
    const was = this.wanted;
    clearTimeout(this.#timer);
    Object.assign(this, { wanted: false, asked: false, unheard: false });
    return was;
  }

  #send() {
    this.asked = true;
    this.ask();
    this.#timer = setTimeout(() => {
      this.unheard = true;
      document.dispatchEvent(new CustomEvent("mentorkit:unsaved"));
      this.#send();
      this.changed();
    }, PATIENCE);
  }
}
