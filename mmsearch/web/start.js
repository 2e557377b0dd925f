// Start here: a way into a country or a theme, made from what the library holds.

import { addFilters, countFilters, FACETS } from "./address.js";
import { json } from "./client.js";
import { $, el } from "./dom.js";
import { collectAll, collectBox } from "./packs.js";
import { documentCard, opener, passageCard } from "./passages.js";
import { t, valueName } from "./words.js";

// Kinds of document in the order in which a newcomer reads them, with why each is there.
const ORDER = {
  "brief": "overview", "annual report": "done", "report": "done", "evaluation": "worked",
  "lessons learned": "learned", "management response": "decided", "decision": "decided", "resolution": "decided",
  "guideline": "how", "training material": "how", "policy": "how", "inception report": "planned",
  "terms of reference": "planned", "meeting notes": "decided", "document": "more",
};
const KINDS = Object.keys(ORDER);
const MOST_DOCUMENTS = 8;
const MOST_OF_A_KIND = 2;
const MOST_PASSAGES = 5;
const MOST_ACRONYMS = 24;
// What each section asks for; the filter on evidence decides, the words only rank.
const SECTIONS = { finding: "main findings and results", lesson: "lessons learned", recommendation: "recommendations" };

export async function showStart(state, signal) {
  const theme = state.questions.at(-1) ?? "";
  const subject = theme || FACETS.flatMap((name) => state.filters[name].map((one) => valueName(name, one))).join(", ");
  const documents = reading(await (theme ? byTheme(theme, state, signal) : byFilters(state, signal)));
  const asked = Object.entries(SECTIONS).map(([kind, words]) => passages(kind, `${theme || state.filters.country.join(" ")} ${words}`, state, signal));
  const found = await Promise.all(asked);
  const acronyms = await used(documents, signal);
  const all = found.flatMap(([, hits]) => hits);
  document.title = `${t("start_here")}: ${subject} – ${t("title")}`;
  $("result").append(
    el("section", { class: "passages start" },
      el("h2", { class: "name", dir: "auto" }, `${t("start_here")}${subject ? `: ${subject}` : ""}`),
      all.length > 0 && el("p", {}, collectAll(all, subject))),
    documents.length ? section(t("start_documents"), documents.map((one, n) => step(one, n))) : el("p", { class: "remark" }, t("no_passages")),
    ...found.filter(([, hits]) => hits.length).map(([kind, hits]) =>
      section(t(`start_${kind}`), hits.map((hit) => passageCard(hit, (one) => [collectBox(one, subject)])))),
    acronyms.length > 0 && el("section", { class: "passages" }, el("h2", {}, t("acronyms")),
      el("dl", { class: "acronyms" }, ...acronyms.flatMap(({ short, long, doc_id, start, end }) => [
        el("dt", {}, opener({ doc: doc_id, start, end }, { dir: "auto" }, short)), el("dd", { dir: "auto" }, long)]))));
}

const section = (heading, cards) => el("section", { class: "passages" }, el("h2", {}, heading), el("ol", { class: "hits" }, ...cards));

function step(one, n) {
  const card = documentCard(one);
  card.querySelector("h3").prepend(`${n + 1}. `);
  card.append(el("p", { class: "why" }, t(`why_${ORDER[one.kind] ?? "more"}`)));
  return card;
}

async function byFilters({ filters }, signal) {
  if (!countFilters(filters)) return [];
  return (await json(`/documents?${addFilters(new URLSearchParams({ limit: 200 }), filters)}`, signal)).documents;
}

async function byTheme(theme, { filters }, signal) {
  const { hits } = await json(`/search?${addFilters(new URLSearchParams({ q: theme, limit: 50 }), filters)}`, signal);
  const ids = [...new Set(hits.map((hit) => hit.doc_id))].slice(0, 2 * MOST_DOCUMENTS);
  return Promise.all(ids.map((id) => json(`/documents/${encodeURIComponent(id)}`, signal)));
}

// In reading order, newer ones first, few of a kind, none that has been replaced by a newer one.
function reading(documents) {
  const rank = ({ kind }) => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
  const counts = {};
  return documents
    .filter((one) => !one.superseded_by)
    .sort((a, b) => rank(a) - rank(b) || (b.year ?? 0) - (a.year ?? 0) || a.title.localeCompare(b.title))
    .filter(({ kind }) => (counts[kind] = (counts[kind] ?? 0) + 1) <= MOST_OF_A_KIND)
    .slice(0, MOST_DOCUMENTS);
}

async function passages(kind, words, { filters }, signal) {
  const parameters = addFilters(new URLSearchParams({ q: words, limit: MOST_PASSAGES }), { ...filters, evidence: [kind] });
  return [kind, (await json(`/search?${parameters}`, signal)).hits];
}

async function used(documents, signal) {
  const ids = new Set(documents.map((one) => one.doc_id));
  const { acronyms } = await json("/glossary", signal);
  return acronyms.filter((one) => ids.has(one.doc_id)).slice(0, MOST_ACRONYMS);
}
