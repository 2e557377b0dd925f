// Documents without pages (Word, slides, sheets, web pages, text): their blocks, easy to read.

import { documentPath, json } from "./client.js";
import { cutter, el } from "./dom.js";
import { t } from "./words.js";

const STRETCH = 400; // blocks shown at once; more when somebody reads on
const SIZES = [0.85, 1, 1.15, 1.35, 1.6]; // rem

export async function readingView(id, unit, signal) {
  const { text, blocks } = await json(`${documentPath(id)}/text`, signal);
  const { cut } = cutter(text);
  const node = el("article", { class: "reading-view", tabindex: "0", dir: "auto", "aria-label": t("document_text") });
  let size = 1;
  let marks = null;
  let from = 0;
  let to = 0;

  function block(one, before) {
    const words = spans(one);
    const parts = [];
    if (PLACED.has(unit) && one.first !== before?.first) parts.push(el("p", { class: "place" }, t(`unit_${unit}`, { n: one.first })));
    parts.push(TAGS[one.kind]?.(one, words) ?? el("p", { dir: "auto" }, ...words));
    return parts;
  }

  function spans(one) {
    const start = Math.max(one.start, marks?.start ?? 0);
    const end = Math.min(one.end, marks?.end ?? 0);
    if (start >= end) return [cut(one.start, one.end)];
    return [cut(one.start, start), el("mark", {}, cut(start, end)), cut(end, one.end)].filter(Boolean);
  }

  function draw() {
    const shown = [];
    let list = null;
    for (let at = from; at < to; at += 1) {
      const one = blocks[at];
      const parts = block(one, blocks[at - 1]);
      if (one.kind === "list_item" && parts.length === 1) {
        if (!list) shown.push(list = el("ul", {}));
        list.append(...parts);
      } else {
        list = null;
        shown.push(...(one.kind === "list_item" ? [parts[0], list = el("ul", {}, parts[1])] : parts));
      }
    }
    node.replaceChildren(
      ...(from > 0 ? [further(t("text_before"), () => { from = Math.max(0, from - STRETCH); draw(); })] : []),
      ...shown,
      ...(to < blocks.length ? [further(t("text_after"), () => { to = Math.min(blocks.length, to + STRETCH); draw(); })] : []));
  }

  return {
    node,
    async show(next) {
      marks = next;
      const at = marks ? blocks.findIndex((one) => one.end > marks.start) : 0;
      from = Math.max(0, at - STRETCH / 4);
      to = Math.min(blocks.length, from + STRETCH);
      draw();
      const mark = node.querySelector("mark");
      if (mark) node.scrollTop += mark.getBoundingClientRect().top - node.getBoundingClientRect().top - node.clientHeight / 3;
      else node.scrollTop = 0;
    },
    zoom(by) {
      size = Math.min(Math.max(size + by, 0), SIZES.length - 1);
      node.style.fontSize = `${SIZES[size]}rem`;
    },
  };
}

const PLACED = new Set(["slide"]);
const TAGS = {
  heading: (one, words) => el(`h${Math.min(Math.max(one.level, 1) + 2, 6)}`, { dir: "auto" }, ...words),
  list_item: (one, words) => el("li", { dir: "auto" }, ...words),
  table_row: (one, words) => el("p", { class: "table-row", dir: "auto" }, ...words),
  caption: (one, words) => el("p", { class: "caption", dir: "auto" }, ...words),
};

const further = (label, onclick) => el("button", { type: "button", class: "plain", onclick }, label);
