// The way back: what was answered in this sitting, step by step, and the two shortcuts of a form.

const REMEMBERED_STEPS = 100;

class Steps {
  #run = 0; // a stay in one place: what is typed there is one step

  constructor(steps = []) {
    this.steps = steps;
  }

  moved() {
    this.#run += 1;
  }

  note(item, before, after, typing) {
    const last = this.steps.at(-1);
    const goesOn = typing && last?.item === item && last.typing === typing && last.run === this.#run;
    const start = goesOn ? this.steps.pop().before : (before ?? null);
    if (canonical(start) !== canonical(after)) this.steps.push({ item, before: start, typing, run: this.#run });
    this.steps = this.steps.slice(-REMEMBERED_STEPS);
  }

  forget(item) { // another answer stands there now: going back would go behind it
    this.steps = this.steps.filter((step) => step.item !== item);
  }

  last(isAsked) {
    return this.steps.findLast((step) => isAsked(step.item));
  }

  take(step) {
    this.steps = this.steps.filter((one) => one !== step);
  }
}

function undoButton(words, undo) {
  const back = button(words.undo, undo, "mk-quiet mk-back");
  back.setAttribute("aria-keyshortcuts", "Control+Z Meta+Z");
  back.hidden = true;
  return back;
}

// Where a text is typed, the browser's own undo stays.
const typesText = (element) => element.matches("textarea, input:not([type=radio], [type=checkbox], [type=time], [type=date])");

function shortcuts(form, { undo, forward }) {
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey === event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    if (event.key === "Enter") forward();
    else if (event.key.toLowerCase() !== "z" || typesText(event.target) || !undo()) return;
    event.preventDefault();
  });
}
