// Showing answers. Text of documents is only ever set as text: never as HTML, never as a link.

import { get, token } from "./client.js";

// Make an element; strings among the children become text.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

let pictures = [];

// Forget the pictures of the last answer.
export function forgetPictures() {
  pictures.forEach((url) => URL.revokeObjectURL(url));
  pictures = [];
}

export function sentence(data) {
  const numbers = data.citations.map((n) =>
    el("a", { href: `#source-${n}`, class: "ref", "aria-label": `Source ${n}` }, String(n)));
  return el("li", { dir: "auto" }, el("span", { class: "said" }, data.text), " ", ...numbers);
}

export function citation(data) {
  const marks = `start=${data.start}&end=${data.end}`;
  return source(data, data.quote, marks, { id: `source-${data.n}`, label: String(data.n) });
}

export function hit(data) {
  const marks = `passage=${encodeURIComponent(data.passage_id)}`;
  return source(data, data.text, marks, { label: "" });
}

function source(data, text, marks, { id, label }) {
  const body = el("div", { class: "body" },
    el("h3", { dir: "auto" }, title(data)),
    el("p", { class: "meta" }, ...meta(data)),
    el("blockquote", { dir: "auto" }, flowing(text)));
  const path = data.heading_path.join(" › ");
  if (path) body.querySelector("blockquote").before(el("p", { class: "path", dir: "auto" }, path));
  const item = el("li", { id, class: "source", tabindex: id ? "-1" : null });
  if (label) item.append(el("span", { class: "n", "aria-hidden": "true" }, label));
  item.append(body);
  if (drawn(data)) item.append(thumbnail(data, marks));
  return item;
}

// Only pages of a PDF can be drawn; a Word page is where Word last broke the text.
const drawn = ({ page, locator }) => page && locator.unit === "page";

// Let lines that a page broke run on; an empty line still parts paragraphs.
const flowing = (text) => text.replace(/(?<!\n)\n(?!\n)/g, " ");

function title(data) {
  const anchor = drawn(data) ? `#page=${data.page}` : "";
  const address = `/documents/${encodeURIComponent(data.doc_id)}/file`;
  const link = el("a", { href: address + anchor, target: "_blank", rel: "noopener" }, data.title);
  link.addEventListener("click", (event) => {
    if (!token.get()) return;
    event.preventDefault(); // a link carries no token
    download(address, data.file).catch((error) => {
      link.after(el("span", { class: "failed" }, ` ${error.message}`));
    });
  });
  return link;
}

async function download(address, file) {
  const url = URL.createObjectURL(await (await get(address)).blob());
  el("a", { href: url, download: file.split("/").pop() }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function meta(data) {
  const parts = [data.year, data.kind, place(data), data.countries.slice(0, 3).join(", ")];
  return parts.filter(Boolean).map((part) => el("span", { dir: "auto" }, String(part)));
}

function place({ page, page_label: label, locator }) {
  const { unit, first, last, sheet } = locator;
  const printed = label && label !== String(page) ? ` (${label})` : "";
  const parts = page ? [`page ${page}${printed}`] : [];
  if (sheet) parts.push(`sheet ${sheet}`);
  if (unit !== "page") parts.push(first === last ? `${unit} ${first}` : `${unit}s ${first}–${last}`);
  return parts.join(", ");
}

function thumbnail(data, marks) {
  const address = `/documents/${encodeURIComponent(data.doc_id)}/pages/${data.page}.png?${marks}`;
  const name = `${data.title}, page ${data.page}`;
  const button = el("button", {
    class: "thumb", type: "button", "aria-label": `Show ${name} in full size`,
    onclick: () => enlarge(name, `${address}&scale=2`),
  });
  whenSeen(button, () => draw(button, `${address}&scale=1`, name));
  return button;
}

const waiting = new Map();
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    waiting.get(target)();
    waiting.delete(target);
  }
}, { rootMargin: "200px" });

function whenSeen(node, action) {
  waiting.set(node, action);
  seen.observe(node);
}

async function draw(place, address, name) {
  place.classList.add("loading");
  try {
    const url = URL.createObjectURL(await (await get(address)).blob());
    pictures.push(url);
    place.replaceChildren(el("img", { src: url, alt: name }));
  } catch (error) {
    place.replaceChildren(el("span", { class: "failed" }, error.message));
  } finally {
    place.classList.remove("loading");
  }
}

async function enlarge(name, address) {
  const viewer = document.getElementById("viewer");
  const page = document.getElementById("viewer-page");
  document.getElementById("viewer-title").textContent = name;
  page.replaceChildren();
  viewer.showModal();
  await draw(page, address, name);
  page.focus();
}
