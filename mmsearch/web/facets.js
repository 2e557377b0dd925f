// Facets: what may be searched, with counts. Each is counted as if it were not set itself.

import { addFilters, FACETS, go, noFilters, read } from "./address.js";
import { json } from "./client.js";
import { $, el, icon } from "./dom.js";
import { number, t, valueName } from "./words.js";

const SHOWN = 6;
const open = new Set(); // facets whose long list is shown
let last = "";

export async function showFacets(filters, signal) {
  const parameters = addFilters(new URLSearchParams(), filters).toString();
  chips(filters);
  if (parameters === last && $("facets").childElementCount) return;
  const { facets, documents } = await json(`/facets?${parameters}`, signal);
  last = parameters;
  const focused = document.activeElement?.dataset?.value;
  $("facets").replaceChildren(
    ...["country", "kind", "evidence"].map((name) => facet(name, facets[name] ?? {}, filters)),
    years(facets.year ?? {}, filters),
    ...["language", "publisher"].map((name) => facet(name, facets[name] ?? {}, filters)));
  $("facets-total").textContent = t("documents_n", { n: number(documents) });
  if (focused) document.querySelector(`[data-value="${CSS.escape(focused)}"]`)?.focus();
}

export function forgetFacets() {
  last = "";
  $("facets").replaceChildren();
}

// The options of a facet; the year's are the latest first, below the range.
function facet(name, counts, filters, before = "") {
  const chosen = filters[name];
  const known = { ...counts };
  for (const value of chosen) known[value] ??= 0;
  const values = Object.keys(known);
  if (!values.length) return "";
  values.sort((a, b) => chosen.includes(b) - chosen.includes(a) || (name === "year" && b - a));
  const shown = open.has(name) ? values : values.slice(0, Math.max(SHOWN, chosen.length));
  const set = el("fieldset", {}, el("legend", {}, t(`facet_${name}`)), before,
    ...shown.map((value) => option(name, value, known[value], chosen)));
  if (values.length > shown.length) {
    set.append(el("button", { type: "button", class: "plain", onclick: () => { open.add(name); set.replaceWith(facet(name, counts, filters, before)); } },
      t("more_n", { n: values.length - shown.length })));
  }
  return set;
}

function option(name, value, count, chosen) {
  const on = chosen.includes(value);
  const change = (event) => { // joins what is chosen now, which may be more than when this was drawn
    const others = read().filters[name].filter((one) => one !== value);
    setFilter(name, event.target.checked ? [...others, value] : others);
  };
  return el("label", { class: "option" },
    el("input", { type: "checkbox", name, checked: on, onchange: change, "data-value": `${name} ${value}` }),
    el("span", { dir: "auto" }, valueName(name, value)),
    el("span", { class: "count" }, number(count)));
}

function years(counts, filters) {
  const known = Object.keys(counts).sort();
  if (!known.length) return "";
  const choice = (name) => {
    const current = filters[name] === null ? "" : String(filters[name]);
    const all = current && !known.includes(current) ? [...known, current].sort() : known;
    return el("label", { class: "year" }, el("span", {}, t(name)),
      el("select", { name, "data-value": name, onchange: (event) => setYear(name, event.target.value) },
        el("option", { value: "" }, t("any_year")),
        ...all.map((year) => el("option", { value: year, selected: year === current }, `${year} (${number(counts[year] ?? 0)})`))));
  };
  const range = el("div", { class: "years" }, choice("year_from"), choice("year_to"));
  return facet("year", counts, filters, range);
}

function setYear(name, value) {
  const filters = { ...read().filters, [name]: value ? Number(value) : null };
  const { year_from: from, year_to: to } = filters;
  if (from !== null && to !== null && from > to) filters[name === "year_from" ? "year_to" : "year_from"] = filters[name];
  go({ filters });
}

export const setFilter = (name, values) => go({ filters: { ...read().filters, [name]: values } });

// What is chosen, above the results, each to be taken away again.
function chips(filters) {
  const chosen = FACETS.flatMap((name) => filters[name].map((value) =>
    chip(valueName(name, value), () => setFilter(name, read().filters[name].filter((one) => one !== value)))));
  for (const name of ["year_from", "year_to"]) {
    if (filters[name] !== null) chosen.push(chip(`${t(name)} ${filters[name]}`, () => setYear(name, "")));
  }
  if (chosen.length > 1) chosen.push(el("button", { type: "button", class: "plain", onclick: () => go({ filters: noFilters() }) }, t("clear_filters")));
  $("chips").replaceChildren(...chosen);
  $("filter-count").textContent = chosen.length ? ` (${chosen.length > 1 ? chosen.length - 1 : 1})` : "";
}

function chip(text, remove) {
  return el("button", { type: "button", class: "chip", "aria-label": t("remove_filter", { name: text }), onclick: remove },
    el("span", { dir: "auto" }, text), icon("close"));
}
