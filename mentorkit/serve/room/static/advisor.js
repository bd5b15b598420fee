// The advisor's page: asks the room for its counts and shows them. Whatever comes is shown as text.
(() => {
  "use strict";

  const EVERY = 2000; // ms between questions
  const PATIENCE = 2000; // ms for an answer
  const ONLY = "mentorkit/advisor-only-code";

  const words = JSON.parse(document.body.dataset.words);
  const address = document.body.dataset.base + "advisor/counts";
  const one = (name) => document.querySelector(`[data-${name}]`);
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const known = (value) => value !== null && value !== undefined;
  const count = (value) => (known(value) ? String(value) : "–");

  function put(element, text) { // only what is different, so that nothing is read out again
    if (element.textContent !== text) element.textContent = text;
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  // ---- is everything saved?
  function state({ saving, full }) {
    const since = known(saving.since) ? new Date(saving.since * 1000) : began;
    const said = saving.ok ? words.advisor_saved : fill(words.advisor_failing, { time: clock(since) });
    return { text: full ? `${said} ${words.advisor_full}` : said, trouble: !saving.ok };
  }

  let began = null; // when the trouble began, where the room does not say

  function tell({ text, trouble }) {
    const line = one("saving");
    line.toggleAttribute("data-trouble", trouble);
    put(line, text);
  }

  // ---- the counts
  function figures(now) {
    one("figures").hidden = false;
    put(one("in"), count(now.in));
    put(one("expected"), known(now.expected) ? fill(words.advisor_of_expected, { count: now.expected }) : "");
    put(one("here"), count(now.here));
    put(one("waiting"), count(now.waiting));
  }

  const SVG = "http://www.w3.org/2000/svg";

  function newBar(label) {
    const line = document.createElement("li");
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("aria-hidden", "true");
    const mark = document.createElementNS(SVG, "rect");
    mark.setAttribute("height", "100%");
    picture.append(mark);
    line.append(element("span", label), element("span", "", "room-share"), picture);
    return line;
  }

  function bars({ finished, in: all }) {
    const list = one("bars");
    const labels = Object.keys(finished);
    const shown = [...list.children].map((line) => line.firstChild.textContent);
    if (labels.join("\n") !== shown.join("\n")) list.replaceChildren(...labels.map(newBar));
    one("nobody").hidden = labels.length > 0 && all > 0;
    list.hidden = !one("nobody").hidden;
    labels.forEach((label, at) => {
      const [, share, picture] = list.children[at].children;
      put(share, fill(words.advisor_of, { count: finished[label], all: count(all) }));
      const part = all ? Math.min(1, finished[label] / all) : 0;
      picture.firstChild.setAttribute("width", `${100 * part}%`);
    });
  }

  // ---- the machine
  const gigabytes = (megabytes) => (megabytes / 1024).toFixed(1);
  const milliseconds = (value) => fill(words.advisor_ms, { count: Math.round(value) });

  function* machine({ memory, answer_ms, saving, kernels, encrypted, apart }) {
    if (memory?.used_mb) {
      const sentence = memory.limit_mb ? words.advisor_memory_is : words.advisor_memory_only;
      yield [words.advisor_memory, fill(sentence, { used: gigabytes(memory.used_mb), limit: gigabytes(memory.limit_mb) })];
    }
    if (known(answer_ms)) yield [words.advisor_answer, milliseconds(answer_ms)];
    if (known(saving.p50_ms) && known(saving.p99_ms)) {
      yield [words.advisor_saving, fill(words.advisor_saving_is, { p50: Math.round(saving.p50_ms), p99: Math.round(saving.p99_ms) })];
    }
    if (known(saving.pending)) yield [words.advisor_pending, String(saving.pending)];
    yield [words.advisor_kernels, kernels === "forked" ? words.advisor_forked : words.advisor_stock];
    yield [words.advisor_encrypted, encrypted ? words.advisor_is_encrypted : words.advisor_not_encrypted];
    yield [words.advisor_users, apart ? words.advisor_users_apart : words.advisor_users_same];
  }

  function details(now) {
    one("details").hidden = false;
    const rows = [...machine(now)];
    const list = one("machine");
    if (list.children.length !== 2 * rows.length) list.replaceChildren(...rows.flatMap(() => [element("dt", ""), element("dd", "")]));
    rows.flat().forEach((text, at) => put(list.children[at], text));
  }

  // ---- asking
  let heard = null; // when the room last answered
  let asking = false;

  function show(now) {
    began = now.saving.ok ? null : began ?? new Date();
    heard = new Date();
    tell(state(now));
    one("stale").hidden = true;
    figures(now);
    bars(now);
    details(now);
  }

  function showLost() {
    began ??= heard ?? new Date();
    tell({ text: fill(words.advisor_lost, { time: clock(began) }), trouble: true });
    one("stale").hidden = !heard;
    if (heard) put(one("stale"), fill(words.advisor_stale, { time: clock(heard) }));
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 403) tell({ text: words.advisor_locked, trouble: true });
      else if (answer.ok) show(await answer.json());
      else showLost();
    } catch {
      showLost();
    } finally {
      asking = false;
    }
  }

  // ---- the code alone, for the projector
  const button = one("only");

  function showOnly(only) {
    document.body.toggleAttribute("data-only-code", only);
    button.setAttribute("aria-pressed", String(only));
    try {
      sessionStorage.setItem(ONLY, only ? "yes" : "");
    } catch {
      // it is chosen again after a reload
    }
  }

  function wasOnly() {
    try {
      return sessionStorage.getItem(ONLY) === "yes";
    } catch {
      return false;
    }
  }

  button.hidden = false;
  button.addEventListener("click", () => showOnly(button.getAttribute("aria-pressed") !== "true"));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && showOnly(false));
  showOnly(wasOnly());
  ask();
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  window.addEventListener("offline", showLost);
  window.addEventListener("online", ask);
})();
