// The workbook's page: which part is shown, and whether the workbook still runs. It knows nothing of questions or answers.
(() => {
  "use strict";

  const words = new Proxy({}, { get: (_, key) => JSON.parse(document.body.dataset.words)[key] }); // once there is a body
  const EVERY = 3000;
  const PATIENCE = 2500;
  const OPENING = 20000;
  const RELOADS = "mentorkit/reloads"; // when this tab was loaded anew by itself
  const MOST_RELOADS = 3; // in a minute
  const LEFT_AT = "mentorkit/left-at"; // where the student was when it was
  const inRoom = () => "room" in document.body.dataset; // over a network, with many others

  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- before Voilà's scripts: its beacon ends the kernel on `beforeunload`, and a mailto: link causes that too.
  const listen = window.addEventListener;
  window.addEventListener = function (type, listener, ...rest) {
    if (type === "beforeunload" && String(listener).includes("api/shutdown")) return undefined;
    return listen.call(this, type, listener, ...rest);
  };

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", () => check());
    }
  };

  // Voilà calls these while and after it runs the cells.
  window.voila_heartbeat = () => {};
  window.voila_process = () => {};
  window.voila_finish = () => {};
  window.cellLoaded = false;

  // ---- pages
  const pages = () => all(".mk-page");
  const current = () => $(".mk-page[data-current]");
  const heading = (page) => $("h1", page);

  function wanted() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    return { target, page: target ? target.closest(".mk-page") : null };
  }

  function show(page) {
    for (const other of pages()) other.toggleAttribute("data-current", other === page);
    for (const link of all(".mk-nav a")) {
      const here = link.hash === "#" + page.id;
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      if (here) reveal(link);
    }
    document.title = page.dataset.label + " · Mentorkit";
  }

  function reveal(link) {
    const strip = link.closest("ol");
    const left = link.offsetLeft - strip.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
    strip.scrollTo({ left, behavior: "instant" });
  }

  function focusOn(element) {
    if (!element) return;
    if (!element.matches("a[href], button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  // Two notebooks may have a heading of the same name, and its id comes from the name.
  function keepIdsApart() {
    const known = new Set();
    for (const element of all(".mk-page [id]")) {
      if (known.has(element.id)) element.id = element.closest(".mk-page").id + "/" + element.id;
      known.add(element.id);
    }
  }

  function navigate() {
    const { target, page } = wanted();
    if (!page) return target ? undefined : arrive(pages()[0]);
    if (target === page) return arrive(page);
    show(page);
    target.scrollIntoView();
    return focusOn(target);
  }

  function arrive(page) {
    if (!page) return;
    show(page);
    window.scrollTo(0, 0);
    focusOn(heading(page) || $("#mk-main"));
  }

  function openAtHash() {
    const { target, page } = wanted();
    const first = page || pages()[0];
    if (!first) return;
    show(first);
    if (page && target !== page) target.scrollIntoView();
  }

  function skip(event) {
    event.preventDefault();
    focusOn((current() && heading(current())) || $("#mk-main"));
  }

  // ---- opening: until every output of the cells has been drawn
  const drawn = () =>
    $("#main .mk-book") && // Voilà has moved the page into its shell
    !$('script[type="application/vnd.voila.cell-output+json"]') &&
    !all(".mk-page[data-current] .jp-OutputArea-output").some((out) => out.textContent === "Loading widget...");

  function whenDrawn(done) {
    if (drawn()) return done();
    const watch = new MutationObserver(() => {
      if (!drawn()) return;
      watch.disconnect();
      done();
    });
    watch.observe(document.body, { childList: true, subtree: true });
    return undefined;
  }

  function opened() {
    const book = $(".mk-book");
    if (book.dataset.state === "open") return;
    book.dataset.state = "open";
    $(".mk-opening").remove();
    reveal($(".mk-nav [aria-current]")); // Voilà has moved the page in the document, which resets scrolling
    const { target, page } = wanted();
    if (page && target !== page) target.scrollIntoView();
    if (inRoom()) goBack();
    document.dispatchEvent(new CustomEvent("mentorkit:open"));
  }

  // ---- does the workbook still run?
  let leaving = false;
  let asking = false;
  let misses = 0;

  const base = () => document.body.dataset.baseUrl.replace(/voila\/$/, "");

  function kernel() {
    const config = $("#jupyter-config-data");
    return config ? JSON.parse(config.textContent).kernelId : "";
  }

  function say(text, onward) {
    const bar = $(".mk-alert");
    if (bar.dataset.text === text) return;
    bar.dataset.text = text;
    bar.replaceChildren();
    if (!text) return;
    const sentence = document.createElement("p");
    sentence.textContent = text;
    bar.append(sentence);
    if (!onward) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.go_on;
    button.addEventListener("click", () => location.reload());
    bar.append(button);
  }

  async function ask() {
    const address = base() + "mentorkit/alive?kernel=" + encodeURIComponent(kernel());
    const answer = await fetch(address, {
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(inRoom() ? 2000 : PATIENCE),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function check() {
    if (leaving || asking || !document.body) return;
    asking = true;
    try {
      const { run, kernel: runs } = await ask();
      misses = 0;
      if (run !== document.body.dataset.run) goOn(words.started_again);
      else if (runs === false) goOn(words.page_lost);
      else say("");
    } catch (error) {
      misses += 1;
      if (inRoom()) say(words.door_lost);
      // A busy workbook may miss one question; a refused connection means that it is gone.
      else if (error.name !== "TimeoutError") say(words.stopped);
      else if (misses > 1) say(words.not_answering);
    } finally {
      asking = false;
    }
  }

  // ---- in a room the page goes on by itself: what was not yet saved lies in the browser's storage and is sent again
  function goOn(text) {
    if (!inRoom()) say(text, true);
    else if (mayReload()) reloadSoon();
    else if (!leaving) say(words.door_again, true);
  }

  function mayReload() {
    try {
      const minute = JSON.parse(sessionStorage.getItem(RELOADS) ?? "[]").filter((at) => Date.now() - at < 60_000);
      if (minute.length >= MOST_RELOADS) return false;
      sessionStorage.setItem(RELOADS, JSON.stringify([...minute, Date.now()]));
      return true;
    } catch {
      return false; // without storage the page itself is the only draft
    }
  }

  function reloadSoon() {
    leaving = true; // nothing more is asked
    setTimeout(() => {
      noteWhere();
      location.reload();
    }, Math.random() * 1000); // not all of a room at the same moment
  }

  // Words typed beside a button are in no draft until the button is pressed.
  const loose = () => all(".mk-panel textarea[name], .mk-panel input[type=text][name]");
  const nameOf = (field) => [field.closest(".mk-page")?.id, field.closest("[data-ask]")?.dataset.ask, field.name].join("/");

  function noteWhere() {
    document.activeElement?.blur(); // what was typed a moment ago is then kept
    const typed = loose().filter((field) => field.value !== field.defaultValue).map((field) => [nameOf(field), field.value]);
    try {
      sessionStorage.setItem(LEFT_AT, JSON.stringify({ hash: location.hash, top: window.scrollY, typed }));
    } catch {
      // too long for the storage: the page still goes on
    }
  }

  function goBack() {
    try {
      const { hash, top, typed } = JSON.parse(sessionStorage.getItem(LEFT_AT)) ?? {};
      sessionStorage.removeItem(LEFT_AT);
      for (const [name, value] of typed ?? []) putBack(name, value);
      if (hash === location.hash) window.scrollTo({ top, behavior: "instant" });
    } catch {
      // no storage: the page opens at its beginning
    }
  }

  function putBack(name, value) {
    const field = loose().find((one) => nameOf(one) === name);
    if (!field || field.value !== field.defaultValue) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const pause = () => (inRoom() ? 2000 + Math.random() * 600 : EVERY);

  function beat() {
    setTimeout(() => {
      if (document.visibilityState === "visible") check();
      beat();
    }, pause());
  }

  function watchNetwork() {
    listen.call(window, "offline", () => say(words.door_lost));
    listen.call(window, "online", () => check());
  }

  function watch() {
    beat();
    if (inRoom()) watchNetwork();
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && check());
    document.addEventListener("mentorkit:unsaved", () => check());
    document.addEventListener("mentorkit:forgotten", (event) => { // everything was erased here,
      event.preventDefault();
      location.reload();
    });
    listen.call(window, "storage", ({ key, newValue }) => { // or in another tab
      if (key === "mentorkit/forgotten" && newValue) location.reload();
    });
    listen.call(window, "pagehide", () => {
      leaving = true;
      const id = kernel();
      if (id) navigator.sendBeacon(base() + "mentorkit/closed/" + id);
    });
    listen.call(window, "pageshow", (event) => event.persisted && location.reload());
  }

  function slow() {
    const line = $(".mk-opening");
    if (line) line.textContent = words.opening_slow;
  }

  listen.call(window, "load", () => setTimeout(slow, OPENING));
  setTimeout(slow, OPENING);

  document.addEventListener("DOMContentLoaded", () => {
    watch();
    keepIdsApart();
    if (!$("#mk-end")) return say(words.stopped);
    openAtHash();
    $(".mk-skip").addEventListener("click", skip);
    listen.call(window, "hashchange", navigate);
    return whenDrawn(opened);
  });
})();
