// Making elements. Text of documents is only ever set as text: never as HTML, never as a link.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

// Make an element; strings among the children become text, nothing and false are left out.
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}

// Load the look of a view that few people open, before it is shown.
export function style(view) {
  if ($(`style-${view}`)) return null;
  return new Promise((done, failed) => {
    document.head.append(el("link", { id: `style-${view}`, rel: "stylesheet", href: new URL(`${view}.css`, import.meta.url), onload: done, onerror: failed }));
  });
}

const SHAPES = {
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  up: "M5 15l7-7 7 7",
  down: "M5 9l7 7 7-7",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5L20 20",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  globe: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  word: "M4 6h16M4 12h10M4 18h13",
  pack: "M4 7h16v13H4zM8 7V4h8v3M9 13h6",
};

// A small line drawing; what it means stands beside it or in the label of its button.
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: SHAPES[name] }));
}

// A button that shows a drawing and says what it does.
export function tool(name, label, onclick, more = {}) {
  return el("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

// Let lines that a page broke run on; an empty line still parts paragraphs.
// Keeps every offset: one character takes the place of one.
export const flowing = (text) => text.replace(/(?<!\n)\n(?!\n)/g, " ");

// Cut a text by offsets that count characters, as the service does, not UTF-16 units.
export function cutter(text) {
  if (!/[\ud800-\udbff]/.test(text)) return { length: text.length, cut: (start, end) => text.slice(start, end) };
  const characters = Array.from(text);
  return { length: characters.length, cut: (start, end) => characters.slice(start, end).join("") };
}

// A text in which some spans are marked; spans are in order and never overlap.
export function marked(text, spans) {
  const { length, cut } = cutter(text);
  const parts = [];
  let at = 0;
  for (const [start, end] of spans) {
    if (start > at) parts.push(cut(at, start));
    parts.push(el("mark", {}, cut(start, end)));
    at = end;
  }
  if (at < length) parts.push(cut(at, length));
  return parts;
}
