// Building elements. Text is always text here: nothing a student typed is ever read as markup.

function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

// Each widget loads a copy of this module: the mark keeps their ids, and the names of their radio groups, apart.
const mark = Math.random().toString(36).slice(2, 8);
let lastId = 0;
const freshId = (prefix) => `mk-${prefix}-${mark}-${++lastId}`;

const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

const language = () => document.documentElement.lang || [];

function clock(iso) { // the time, and the day too when that is not today
  const when = new Date(iso);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return when.toDateString() === new Date().toDateString()
    ? when.toLocaleTimeString(language(), time)
    : when.toLocaleString(language(), { day: "numeric", month: "long", ...time });
}

const day = (iso) => new Date(iso).toLocaleDateString(language(), { day: "numeric", month: "long", year: "numeric" });

const paragraphs = (text) => text.split(/\n\s*\n/).map((part) => h("p", {}, part.trim()));

function details(summary, text) {
  return text ? h("details", { class: "mk-help" }, h("summary", {}, summary), paragraphs(text)) : null;
}

// JupyterLab takes arrow keys and letters for its own shortcuts unless the focused element itself says no.
function keepKeys(root) {
  root.addEventListener("focusin", (event) =>
    event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
}

function button(label, onclick, style = "") {
  return h("button", { type: "button", class: `mk-button ${style}`.trim(), onclick }, label);
}

// What moves the page waits while a button of the mouse is down: else the click would land beside what was aimed at.
const steady = (() => {
  const due = [];
  let pressed = null;
  const release = () => {
    clearTimeout(pressed);
    pressed = null;
    for (const action of due.splice(0)) action();
  };
  window.addEventListener("pointerdown", () => { clearTimeout(pressed); pressed = setTimeout(release, 1000); }, true);
  window.addEventListener("pointerup", () => setTimeout(release), true);
  for (const event of ["click", "pointercancel", "keydown"]) window.addEventListener(event, release, true);
  return (action) => (pressed === null ? action() : due.push(action));
})();
