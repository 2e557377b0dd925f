// A passage as a card: where it is from, and its words with those of the question marked.

import { addressOf, go, nothingOpen } from "./address.js";
import { cutter, el, flowing, marked } from "./dom.js";
import { day, languageName, percent, placeName, t, valueName } from "./words.js";

const LONG = 460; // characters; a longer passage is shown from a little before its first marks
const LEAD = 90;

// A link that opens a document beside the answer; a new tab opens the same address.
export function opener(target, attributes, ...children) {
  const change = { ...nothingOpen, ...target };
  return el("a", {
    ...attributes,
    href: addressOf(change),
    onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      go(change);
    },
  }, ...children);
}

export function passageCard(hit, actions = () => [], { within = false } = {}) {
  const target = { doc: hit.doc_id, passage: hit.passage_id };
  const path = hit.heading_path.filter((heading, n) => n || heading !== hit.title).join(" › ");
  return el("li", { class: "passage", "data-passage": hit.passage_id },
    within
      ? el("h4", {}, opener(target, {}, placeName(hit) || t("passages")))
      : [el("h3", { dir: "auto" }, opener(target, {}, hit.title)), meta(hit)],
    path && el("p", { class: "path", dir: "auto" }, path),
    excerpt(hit),
    newer(hit),
    also(hit),
    el("div", { class: "actions" }, ...actions(hit)));
}

// Year, kind, countries, language, place, kind of evidence: what a person judges a source by.
export function meta(source) {
  const { year, kind, countries, publisher, language, evidence, ocr } = source;
  const parts = [
    placeName(source),
    year,
    valueName("kind", kind),
    countryNames(countries),
    publisher.join(", "),
    language && language !== "und" && languageName(language),
  ];
  return el("p", { class: "meta" },
    evidence && evidence !== "plain" && el("span", { class: "evidence" }, valueName("evidence", evidence)),
    dotted(parts),
    typeof ocr === "number" && [dot(), el("span", {}, scanned(ocr))]);
}

// How sure it is that a scan was read right.
export const scanned = (ocr) => t("scanned", { n: percent(ocr) });

const countryNames = (countries) =>
  countries.slice(0, 3).map((name) => valueName("country", name)).join(", ") + (countries.length > 3 ? ` +${countries.length - 3}` : "");

// Between the parts, not in them: each may run in its own direction.
const dot = () => el("i", { "aria-hidden": "true" }, "·");
const dotted = (parts) => parts.filter(Boolean).flatMap((part, n) => [n ? dot() : "", el("span", { dir: "auto" }, String(part))]);

function excerpt({ text, marks = [] }) {
  const whole = marked(flowing(text), marks);
  const { length, cut } = cutter(flowing(text));
  const quote = el("blockquote", { dir: "auto" });
  if (length <= LONG) {
    quote.append(...whole);
    return quote;
  }
  const start = opening(cut, marks, length);
  const end = start + LONG < length ? start + cut(start, start + LONG).search(/\s\S*$/) : length;
  const spans = marks.filter(([a, b]) => a >= start && b <= end).map(([a, b]) => [a - start, b - start]);
  quote.append(start ? "… " : "", ...marked(cut(start, end), spans), end < length ? " …" : "");
  const more = el("button", { type: "button", class: "plain", onclick: () => { quote.replaceChildren(...whole); quote.classList.add("whole"); more.remove(); } }, t("whole_passage"));
  return el("div", { class: "excerpt" }, quote, more);
}

// Where an excerpt begins: before the stretch that has most marks, at the start of a word.
function opening(cut, marks, length) {
  let best = [0, 0];
  for (const [at] of marks) {
    const n = marks.filter(([start, end]) => start >= at && end <= at + LONG - LEAD).length;
    if (n > best[0]) best = [n, at];
  }
  if (best[1] + LEAD < LONG) return 0;
  const earliest = Math.min(best[1] - LEAD, length - LONG);
  return earliest + cut(earliest, best[1]).search(/(?<=\s)\S|$/);
}

function newer({ superseded_by: newest }) {
  return newest && el("p", { class: "newer" }, `${t("newer_version")} `, opener({ doc: newest.doc_id }, { dir: "auto" }, newest.title));
}

function also({ also_in: twins }) {
  if (!twins.length) return false;
  return el("p", { class: "also" }, `${t("also_in")} `,
    ...twins.slice(0, 3).flatMap((twin, n) => [n ? ", " : "", opener({ doc: twin.doc_id }, { dir: "auto" }, twin.file.split("/").pop())]));
}

// A document of a list; for its keepers also its file, who may read it and what was repaired.
export function documentCard(document, { added = false, keeper = false } = {}) {
  const { title, year, kind, countries, publisher, languages, pages, warnings } = document;
  const parts = [year, valueName("kind", kind), countryNames(countries), publisher.join(", "),
    languages.map(languageName).join(", "), pages ? t("pages_n", { n: pages }) : "", added && t("added_on", { date: day(document.added) })];
  return el("li", { class: "passage" },
    el("h3", { dir: "auto" }, opener({ doc: document.doc_id }, {}, title)),
    el("p", { class: "meta" }, dotted(parts)),
    newer(document),
    keeper && el("p", { class: "path", dir: "auto" }, `${document.file} · ${t(`access_${document.access}`)}`),
    keeper && warnings.length > 0 && el("ul", { class: "warnings" }, ...warnings.map((one) => el("li", { dir: "auto" }, one))));
}
