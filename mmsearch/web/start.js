// Start here: a way into a country or a theme, made from what the library holds.

import { addFilters, FACETS, noFilters } from "./address.js";
import { json } from "./client.js";
import { $, el } from "./dom.js";
import { collectAll, collectBox } from "./packs.js";
import { documentCard, meta, opener, passageCard } from "./passages.js";
import { t, valueName } from "./words.js";

export async function showStart(state, signal) {
  const theme = state.questions.at(-1) ?? "";
  const subject = theme || FACETS.flatMap((name) => state.filters[name].map((one) => valueName(name, one))).join(", ");
  const wanted = addFilters(new URLSearchParams({ q: theme }), state.filters);
  const { documents, sections, acronyms, questions } = await json(`/start?${wanted}`, signal);
  const found = Object.entries(sections).filter(([, hits]) => hits.length);
  const all = found.flatMap(([, hits]) => hits);
  document.title = `${t("start_here")}: ${subject} – ${t("title")}`;
  $("result").append(...[
    el("section", { class: "passages start" },
      el("h2", { class: "name", dir: "auto" }, `${t("start_here")}${subject ? `: ${subject}` : ""}`),
      all.length > 0 && el("p", {}, collectAll(all, subject))),
    documents.length ? section(t("start_documents"), documents.map(step)) : el("p", { class: "remark" }, t("no_passages")),
    ...found.map(([kind, hits]) => section(t(`start_${kind}`), sources(hits).map((some) => source(some, subject)))),
    questions.length > 0 && el("section", { class: "passages" }, el("h2", {}, t("start_questions")),
      el("ul", { class: "asked" }, ...questions.map((one) => el("li", { dir: "auto" }, opener({ questions: [one], filters: noFilters(), list: "" }, {}, one))))),
    acronyms.length > 0 && el("section", { class: "passages" }, el("h2", {}, t("acronyms")),
      el("dl", { class: "acronyms" }, ...acronyms.flatMap(({ short, long, doc_id, start, end }) => [
        el("dt", {}, opener({ doc: doc_id, start, end }, { dir: "auto" }, short)), el("dd", { dir: "auto" }, long)])))].filter(Boolean));
}

const section = (heading, cards) => el("section", { class: "passages" }, el("h2", {}, heading), el("ol", { class: "hits" }, ...cards));

function step(one, n) {
  const card = documentCard(one);
  card.querySelector("h3").prepend(`${n + 1}. `);
  card.append(el("p", { class: "why" }, t(`why_${one.reason}`)));
  return card;
}

// Passages of one document stand under its title, which is said once.
function sources(hits) {
  const grouped = new Map();
  for (const hit of hits) grouped.set(hit.doc_id, [...(grouped.get(hit.doc_id) ?? []), hit]);
  return [...grouped.values()];
}

function source(hits, subject) {
  const [first] = hits;
  return el("li", { class: "passage from" },
    el("h3", { dir: "auto" }, opener({ doc: first.doc_id }, {}, first.title)),
    meta({ ...first, page: null, locator: null, evidence: "", ocr: null }),
    el("ol", {}, ...hits.map((hit) => passageCard(hit, (one) => [collectBox(one, subject)], { within: true }))));
}
