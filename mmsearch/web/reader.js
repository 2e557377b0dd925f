// A document beside the answer: opened where something is marked, to be read on from there.

import { go, nothingOpen, read } from "./address.js";
import { documentPath, download, get, json, token } from "./client.js";
import { $, el, tool } from "./dom.js";
import { meta, scanned } from "./passages.js";
import { pagesView } from "./pages.js";
import { readingView } from "./reading.js";
import { number, t } from "./words.js";

let opening = new AbortController();
let held = null; // the document that is open: its description, pages, passages, view
let before = null; // what had the focus

export async function showDocument(state, { onFail }) {
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  if (!state.doc) return close();
  const panel = $("reader");
  if (panel.hidden) {
    before = document.activeElement;
    panel.hidden = false;
    document.body.classList.add("reading");
  }
  try {
    if (held?.id !== state.doc) await open(state.doc, signal);
    const marks = await marksOf(state, signal);
    held.marks = marks;
    const drawing = held.view.show(marks, state.page, signal);
    tell(marks); // the picture takes longer than the rest
    await drawing;
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    held = null;
    $("reader-body").replaceChildren(el("div", { class: "notice", role: "alert" }, el("p", {}, error.status === 404 ? t("document_missing") : error.message)));
    onFail(error);
  }
}

export function forgetDocument() {
  held = null;
}

function close() {
  held = null;
  if ($("reader").hidden) return;
  $("reader").hidden = true;
  $("reader-body").replaceChildren();
  document.body.classList.remove("reading");
  if (before?.isConnected) before.focus();
}

async function open(id, signal) {
  held = null;
  const path = documentPath(id);
  $("reader-title").textContent = t("loading");
  $("reader-meta").replaceChildren();
  $("reader-tools").replaceChildren();
  $("found").hidden = true;
  $("reader-body").replaceChildren(el("div", { class: "skeleton", "aria-hidden": "true" }, el("i"), el("i"), el("i"), el("i")));
  const [about, { pages }, { passages, unit }] = await Promise.all([
    json(path, signal), json(`${path}/pages`, signal), json(`${path}/passages`, signal)]);
  const view = pages.length ? pagesView(id, pages) : await readingView(id, unit, signal);
  held = { id, about, pages, passages, view, marks: null };
  heading(about);
  $("reader-tools").replaceChildren(...tools());
  $("reader-body").replaceChildren(view.node);
  $("reader-title").focus({ preventScroll: true });
}

function heading(about) {
  $("reader-title").textContent = about.title;
  $("reader-meta").replaceChildren(...meta({ ...about, language: about.languages[0] }).childNodes);
}

function tools() {
  const { view, about } = held;
  const pages = held.pages.length
    ? [tool("left", t("page_before"), () => turn(-1), { class: "tool turns" }),
      el("label", { class: "page-number" }, el("span", { class: "unseen" }, t("page")),
        el("input", { id: "page-number", inputmode: "numeric", onchange: (event) => turnTo(event.target.value) }),
        el("span", {}, `/ ${number(held.pages.length)}`)),
      tool("right", t("page_after"), () => turn(1), { class: "tool turns" })]
    : [];
  return [
    el("div", { class: "group" }, ...pages),
    el("div", { class: "group" },
      tool("up", t("passage_before"), () => step(-1)),
      tool("down", t("passage_after"), () => step(1))),
    el("div", { class: "group" },
      tool("minus", t("smaller"), () => view.zoom(-1)),
      tool("plus", t("larger"), () => view.zoom(1))),
    findBox(),
    originalLink(about)];
}

function originalLink(about) {
  const name = about.file.split("/").pop();
  return el("a", {
    class: "original", href: `${documentPath(about.doc_id)}/file`, target: "_blank", rel: "noopener",
    onclick: (event) => {
      if (!token.get()) return;
      event.preventDefault(); // a link carries no token
      download(`${documentPath(about.doc_id)}/file`, name).catch((error) => { $("reader-status").textContent = error.message; });
    },
  }, t("original_file"));
}

// Where what is wanted stands; nothing is marked where only a document or a page is wanted.
async function marksOf(state, signal) {
  const wanted = new URLSearchParams();
  if (state.start !== null && state.end !== null) {
    wanted.set("start", state.start);
    wanted.set("end", state.end);
  } else if (state.passage) wanted.set("passage", state.passage);
  else return null;
  return json(`${documentPath(state.doc)}/marks?${wanted}`, signal);
}

function tell(marks) {
  const page = held.view.page?.();
  if ($("page-number")) $("page-number").value = page;
  $("reader-status").textContent = page ? t("page_of", { n: page, all: held.pages.length }) : "";
  const at = marks ? held.passages.findIndex((one) => one.start <= marks.start && marks.start < one.end) : -1;
  held.at = at;
  const ocr = held.passages[at]?.ocr;
  $("reader-scan").textContent = typeof ocr === "number" ? scanned(ocr) : "";
}

// Passages before and after the one that is marked, or the first one on the page that is shown.
function step(by) {
  const { passages, view } = held;
  if (!passages.length) return;
  let next = held.at + by;
  if (held.at < 0) {
    const page = view.page?.() ?? 1;
    next = passages.findIndex((one) => (one.page ?? page) >= page);
  }
  const passage = passages[Math.min(Math.max(next, 0), passages.length - 1)];
  if (passage) go({ ...nothingOpen, doc: held.id, passage: passage.passage_id }, { replace: true });
}

const turn = (by) => turnTo(held.view.page() + by);

function turnTo(wanted) {
  const page = Math.min(Math.max(Math.trunc(Number(wanted)) || 1, 1), held.pages.length);
  go({ page }, { replace: true });
}

function findBox() {
  const box = el("input", { id: "find", type: "search", autocomplete: "off", dir: "auto", maxlength: 200, placeholder: t("find"), "aria-label": t("find") });
  const form = el("form", { class: "find", role: "search", "aria-label": t("find") }, box);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find(box.value.trim());
  });
  box.addEventListener("input", () => { if (!box.value) $("found").hidden = true; });
  return form;
}

async function find(words) {
  if (!words) return;
  const { id } = held;
  try {
    const { matches } = await json(`${documentPath(id)}/find?${new URLSearchParams({ q: words })}`, opening.signal);
    if (held?.id !== id) return;
    const list = el("ol", {}, ...matches.map((one) => el("li", {}, foundLink(one))));
    const count = el("p", { role: "status" }, matches.length ? t("found_n", { n: number(matches.length) }) : t("found_none"));
    $("found").replaceChildren(count, list, tool("close", t("close_found"), () => { $("found").hidden = true; $("find").focus(); }));
    $("found").hidden = false;
    list.querySelector("button")?.focus();
  } catch (error) {
    if (error.name !== "AbortError") $("reader-status").textContent = error.message;
  }
}

function foundLink(one) {
  return el("button", { type: "button", onclick: () => go({ ...nothingOpen, doc: held.id, start: one.start, end: one.end }, { replace: true }) },
    one.page && el("span", { class: "where" }, t("page_n", { n: one.page })),
    el("span", { dir: "auto" }, one.before, el("mark", {}, one.text), one.after));
}

export function readerKeys(event) {
  if ($("reader").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  const within = $("reader").contains(event.target);
  const writing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && !event.defaultPrevented && (within || event.target === document.body)) {
    if (!$("found").hidden) $("found").hidden = true;
    else go(nothingOpen);
  } else if (within && !writing && held) {
    const action = { n: () => step(1), p: () => step(-1), "+": () => held.view.zoom(1), "-": () => held.view.zoom(-1) }[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }
}
