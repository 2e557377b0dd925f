// For the people who keep the library: its documents with their state, to be edited, read again and
// removed; above them what is being uploaded. Loaded when somebody opens it.

import { greet } from "./account.js";
import { call, json } from "./client.js";
import { $, el, icon, style, tool } from "./dom.js";
import { editDocuments, patiently, sure, why } from "./editing.js";
import { forgetFacets } from "./facets.js";
import { opener } from "./passages.js";
import { forGap, hurry, intake, queue, watchQueue } from "./uploads.js";
import { day, languageName, learn, number, t, valueName } from "./words.js";

const LISTED = 50;
const STATES = ["", "good", "remarks", "failed", "removed"];
const COLUMNS = { title: "title", year: "year", access: null, added: "added" }; // with what sorts them
let wanted = { q: "", state: "", access: "", sort: "title", descending: false, offset: 0 };
let chosen = new Map(); // rows that are ticked, by id
let known = {}; // values that documents have, to be offered

export async function showLibrary(state, signal) {
  await Promise.all([learn("library"), style("library")]);
  document.title = `${t("library")} – ${t("title")}`;
  chosen = new Map();
  const rows = el("div", { id: "kept" });
  const view = el("section", { class: "keeping", "aria-labelledby": "library-title" },
    el("h2", { id: "library-title" }, t("library")), intake(), await forGap(state.gap, signal), queue(), controls(), rows);
  if (signal.aborted) return;
  $("result").append(view);
  await list(signal);
  watchQueue(view, () => changed());
}

const say = (text) => { $("status").textContent = text; };

// Something is different in the library: the list, the counts and the filters are read anew.
async function changed() {
  forgetFacets();
  await Promise.all([list(), greet()]);
}

async function list(signal) {
  const parameters = new URLSearchParams({ ...wanted, limit: LISTED });
  const found = await json(`/keeping/documents?${parameters}`, signal);
  if (!$("kept")) return;
  known = found.known;
  const focused = document.activeElement?.id;
  $("states").replaceChildren(...STATES.map((one) => stateButton(one, found.counts)));
  $("kept").replaceChildren(chosenBar(), found.total ? table(found.documents) : el("p", { class: "remark" }, t("kept_none")), pager(found.total));
  if (focused) $(focused)?.focus();
}

const show = (change) => {
  wanted = { ...wanted, offset: 0, ...change };
  return list().catch((error) => say(error.message));
};

function controls() {
  let later;
  const search = el("input", { id: "kept-search", type: "search", value: wanted.q, placeholder: t("kept_search"), "aria-label": t("kept_search"), autocomplete: "off" });
  search.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => show({ q: search.value.trim() }), 250);
  });
  const access = el("select", { "aria-label": t("kept_access"), onchange: (event) => show({ access: event.target.value }) },
    el("option", { value: "" }, t("kept_any_access")),
    ...["public", "internal", "restricted"].map((one) => el("option", { value: one, selected: one === wanted.access }, t(`access_${one}`))));
  return el("div", { class: "kept-controls" }, search, access, el("div", { id: "states", class: "choice", role: "group", "aria-label": t("kept_state") }));
}

function stateButton(state, counts) {
  const count = state ? counts[state] : counts.good + counts.remarks + counts.failed;
  return el("button", { type: "button", id: `state-${state}`, class: "quiet small", "aria-pressed": String(state === wanted.state), onclick: () => show({ state }) },
    t(`state_${state || "all"}`), el("span", { class: "count" }, number(count)));
}

// What is done with all that are ticked, or with everything that failed.
function chosenBar() {
  const failed = wanted.state === "failed" && el("button", { type: "button", class: "quiet small", onclick: () => again({ failed: true }) }, t("again_failed"));
  const ids = [...chosen.keys()];
  const bar = el("div", { class: "chosen", role: "group", "aria-label": t("kept_chosen") }, failed);
  if (!ids.length) return bar;
  bar.append(el("span", {}, t("kept_chosen_n", { n: number(ids.length) })),
    el("button", { type: "button", class: "quiet small", onclick: () => edit([...chosen.values()]) }, t("edit")),
    el("button", { type: "button", class: "quiet small", onclick: () => again({ doc_ids: ids }) }, t("again")),
    el("button", { type: "button", class: "quiet small", onclick: () => remove([...chosen.values()]) }, t("remove")));
  return bar;
}

function table(rows) {
  const head = el("tr", { role: "row" }, el("th", { scope: "col", role: "columnheader" }, tickAll(rows)),
    ...Object.entries(COLUMNS).map(([name, sort]) => column(name, sort)),
    el("th", { scope: "col", role: "columnheader" }, t("kept_state")), el("th", { scope: "col", role: "columnheader" }, el("span", { class: "unseen" }, t("kept_do"))));
  return el("table", { class: "kept", role: "table", "aria-labelledby": "library-title" },
    el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, ...rows.map(row)));
}

function column(name, sort) {
  if (!sort) return el("th", { scope: "col", role: "columnheader" }, t(`column_${name}`));
  const on = wanted.sort === sort;
  const order = on ? (wanted.descending ? "descending" : "ascending") : "none";
  const turn = () => show({ sort, descending: on ? !wanted.descending : sort === "added" });
  return el("th", { scope: "col", role: "columnheader", "aria-sort": order },
    el("button", { type: "button", id: `sort-${sort}`, class: "plain", onclick: turn }, t(`column_${name}`), on && icon(wanted.descending ? "down" : "up")));
}

function tickAll(rows) {
  const here = rows.filter((one) => one.doc_id);
  const all = here.length > 0 && here.every((one) => chosen.has(one.doc_id));
  return el("input", { type: "checkbox", id: "tick-all", checked: all, "aria-label": t("kept_all"), onchange: () => {
    for (const one of here) all ? chosen.delete(one.doc_id) : chosen.set(one.doc_id, one);
    list().catch((error) => say(error.message));
  } });
}

function tick(one) {
  const box = el("input", { type: "checkbox", checked: chosen.has(one.doc_id), "aria-label": one.title, onchange: () => {
    box.checked ? chosen.set(one.doc_id, one) : chosen.delete(one.doc_id);
    document.querySelector(".chosen").replaceWith(chosenBar());
  } });
  return box;
}

function row(one) {
  const about = [valueName("kind", one.kind), one.countries.map((name) => valueName("country", name)).join(", "), one.languages.map(languageName).join(", "), one.publisher.join(", ")];
  const cell = (label, ...children) => el("td", { role: "cell", "data-label": label }, ...children);
  return el("tr", { role: "row", class: `row-${one.state}` },
    el("td", { role: "cell", class: "tick" }, one.doc_id && tick(one)),
    el("th", { scope: "row", role: "rowheader" },
      el("span", { dir: "auto" }, one.doc_id ? opener({ doc: one.doc_id }, {}, one.title) : one.title),
      el("span", { class: "path", dir: "auto" }, one.file),
      about.some(Boolean) && el("span", { class: "about", dir: "auto" }, about.filter(Boolean).join(" · ")),
      reason(one)),
    cell(t("column_year"), one.year ? String(one.year) : "–"),
    cell(t("column_access"), one.access ? t(`access_${one.access}`) : "–", one.groups.length > 0 && el("span", { class: "path", dir: "auto" }, one.groups.join(", "))),
    cell(t("column_added"), one.added ? day(one.added) : "–"),
    cell(t("kept_state"), el("span", { class: `state ${one.state}` }, t(`state_${one.state}`)), one.edited.length > 0 && el("span", { class: "path" }, t("edited"))),
    el("td", { role: "cell", class: "doing" }, ...actions(one)));
}

function reason(one) {
  if (one.reason) return why(one);
  if (!one.warnings.length) return false;
  return el("details", {}, el("summary", {}, t("remarks_n", { n: number(one.warnings.length) })), el("ul", { class: "warnings" }, ...one.warnings.map((text) => el("li", { dir: "auto" }, text))));
}

function actions(one) {
  const button = (label, onclick) => el("button", { type: "button", class: "quiet small", "aria-label": `${label}: ${one.title}`, onclick }, label);
  if (one.doc_id) return [button(t("edit"), () => edit([one])), button(t("again"), () => again({ doc_ids: [one.doc_id] })), button(t("remove"), () => remove([one]))];
  if (one.entry_id) {
    return [button(t("try_again"), () => act(() => call(`/keeping/uploads/${one.entry_id}/again`, { method: "POST" }), t("again_said"))),
      button(t("take_off"), () => act(() => call(`/keeping/uploads/${one.entry_id}`, { method: "DELETE" }), t("taken_off")))];
  }
  if (one.restorable) return [button(t("undo"), () => restore([one.restorable]))];
  return [button(one.state === "removed" ? t("take_back") : t("try_again"), () => again({ paths: [one.path] }))];
}

// Do something that changes the library, and say how it went.
async function act(action, said) {
  $("toast")?.remove();
  let box = null; // whoever closes it takes back what still waits
  try {
    const done = await patiently(action, () => { box ??= toast(t("waits_for_turn")); }, () => box === null || box.isConnected);
    box?.remove();
    say(said);
    await changed();
    hurry();
    return done;
  } catch (error) {
    if (box && !box.isConnected) return;
    box?.remove();
    say(error.message);
    await sure(error.message, null);
  }
}

const again = (what) => act(() => call("/keeping/again", { method: "POST", body: what }), t("again_said"));

async function edit(rows) {
  const fields = await editDocuments(rows, known);
  if (fields) await changed();
}

async function remove(rows) {
  const own = rows.filter((one) => one.uploaded).length;
  const lines = [own > 0 && t("remove_uploaded", { n: number(own) }), own < rows.length && t("remove_folder", { n: number(rows.length - own) })];
  const asked = el("div", {}, el("p", {}, t("remove_sure", { n: number(rows.length) })),
    el("ul", { class: "warnings" }, ...rows.slice(0, 20).map((one) => el("li", { dir: "auto" }, one.title)), rows.length > 20 && el("li", {}, t("more_n", { n: number(rows.length - 20) }))),
    ...lines.filter(Boolean).map((line) => el("p", { class: "remark" }, line)));
  if (!(await sure(asked, t("remove")))) return;
  const ids = rows.map((one) => one.doc_id);
  const said = t("removed_n", { n: number(rows.length) });
  const done = await act(() => call("/keeping/documents/remove", { method: "POST", body: { doc_ids: ids } }), said);
  for (const id of ids) chosen.delete(id);
  document.querySelector(".chosen")?.replaceWith(chosenBar());
  if (!done) return;
  // A way back, until something else is done; the list of what was removed has it too.
  const undo = el("button", { type: "button", class: "quiet small", onclick: () => restore(ids) }, t("undo"));
  toast(said, undo);
  undo.focus();
}

function toast(said, ...doing) {
  const box = el("div", { id: "toast", role: "group", "aria-label": said }, el("span", { role: "status" }, said), ...doing,
    tool("close", t("close"), () => box.remove()));
  document.querySelector(".keeping")?.append(box);
  return box;
}

const restore = (ids) => act(() => call("/keeping/documents/restore", { method: "POST", body: { doc_ids: ids } }), t("restored"));

function pager(total) {
  const last = wanted.offset + LISTED >= total;
  if (last && !wanted.offset) return "";
  return el("div", { class: "pager" },
    el("button", { type: "button", class: "quiet small", disabled: !wanted.offset, onclick: () => show({ offset: wanted.offset - LISTED }) }, t("page_before")),
    el("span", {}, t("kept_span", { from: number(wanted.offset + 1), to: number(Math.min(wanted.offset + LISTED, total)), all: number(total) })),
    el("button", { type: "button", class: "quiet small", disabled: last, onclick: () => show({ offset: wanted.offset + LISTED }) }, t("page_after")));
}
