// The page: what the address says is shown, and what somebody does changes the address.

import { askForToken, greet, hideToken, onToken, signInEnded } from "./account.js";
import { addFilters, countFilters, go, noFilters, nothingOpen, onChange, read, write } from "./address.js";
import { answerView, follow } from "./answer.js";
import { ask, json, token } from "./client.js";
import { $, el } from "./dom.js";
import { forgetFacets, showFacets } from "./facets.js";
import { documentCard, passageCard } from "./passages.js";
import { beginPacks, collectAll, collectBox, showPack } from "./packs.js";
import { forgetDocument, readerKeys, showDocument } from "./reader.js";
import { hideSuggestions, suggestIn } from "./suggest.js";
import { choose, current, LANGUAGES, number, speak, t, valueName } from "./words.js";

const FIRST = 10; // passages shown at first
const MORE = 50; // and when more are wanted
const HELD = 1000; // milliseconds that passages wait for the answer
const LISTED = 50; // documents listed at once
let asking = new AbortController();
let shown = null; // the address of what the results show, without the open document

function show(state) {
  const wanted = write({ ...state, ...nothingOpen });
  if (wanted !== shown) {
    shown = wanted;
    results(state);
  }
  follow(state);
  return showDocument(state, { onFail: unauthorised }).then(() => follow(state));
}

async function results(state) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const question = state.questions.at(-1) ?? "";
  clear();
  $("q").value = question;
  document.title = question ? `${question} – ${t("title")}` : t("title");
  const fresh = !question && !state.pack && !state.list && !countFilters(state.filters);
  document.body.classList.toggle("fresh", fresh && !state.doc);
  $("side").hidden = fresh || Boolean(state.pack) || ["gaps", "figures", "library"].includes(state.list.split("-")[0]);
  try {
    if (state.pack) return await showPack(state.pack, signal);
    if (fresh) return await welcome(signal);
    if (state.list === "gaps") return await (await import("./keeper.js")).showGaps(signal);
    if (state.list.startsWith("figures")) return await (await import("./figures.js")).showFigures(state, signal);
    if (state.list === "library") return await (await import("./library.js")).showLibrary(state, signal);
    if (state.list === "start") return await Promise.all([showFacets(state.filters, signal), import("./start.js").then((view) => view.showStart(state, signal))]);
    await Promise.all([
      showFacets(state.filters, signal),
      question ? answer(state, question, signal) : list(state, 0, signal)]);
  } catch (error) {
    if (error.name !== "AbortError" && !signal.aborted) fail(error);
  }
}

function clear() {
  hideSuggestions();
  hideToken();
  $("result").replaceChildren();
  $("chips").replaceChildren();
  say("");
}

// Finding is quicker than answering, but the answer stands above: the passages wait for it a little,
// and where it takes longer its place is held, so that nothing moves under who reads.
async function answer(state, question, signal) {
  const parameters = addFilters(new URLSearchParams({ q: question }), state.filters);
  state.questions.slice(0, -1).forEach((one) => parameters.append("history", one));
  const view = answerView({
    actions: (one) => [collectBox(one, question)],
    all: (citations) => [collectAll(citations, question)],
  });
  const passages = el("section", { class: "passages", "aria-label": t("passages") });
  $("result").append(el("p", { class: "printed", dir: "auto", "aria-hidden": "true" }, question), earlier(state), view.box);
  say(t("searching"));
  const asked = ask(parameters, view, signal);
  asked.catch(() => {}); // told below, where finding did not fail before it
  await findPassages(passages, parameters, FIRST, signal);
  const after = [followUp(state), el("p", { class: "to-start" }, link({ ...nothingOpen, questions: [question], list: "start" }, t("start_link"))), passages];
  if (!(await Promise.race([asked.then(() => true), new Promise((late) => setTimeout(late, HELD))])) && !signal.aborted) {
    view.hold();
    $("result").append(...after);
  }
  await asked;
  const answered = !view.box.classList.contains("not-found");
  if (!answered && countFilters(state.filters)) view.box.append(el("p", {}, el("button", { type: "button", class: "plain", onclick: () => go({ filters: noFilters() }) }, t("search_everything"))));
  if (!passages.isConnected) $("result").append(...after);
  follow(read());
  say(answered ? t("answered") : t("not_answered"));
}

async function findPassages(section, parameters, limit, signal) {
  const wanted = new URLSearchParams(parameters);
  wanted.set("limit", limit);
  const { hits, documents_searched: searched } = await json(`/search?${wanted}`, signal);
  if (searched) section.replaceChildren(
    el("h2", {}, hits.length ? t("passages") : t("no_passages")),
    el("ol", { class: "hits" }, ...hits.map((hit) => passageCard(hit, (one) => [collectBox(one, "")]))));
  if (hits.length === limit && limit < MORE) {
    section.append(el("button", { type: "button", class: "more", onclick: () => findPassages(section, parameters, MORE, signal).catch(fail) }, t("more_passages")));
  }
}

// The questions before this one; each goes back to where it stood.
function earlier(state) {
  const before = state.questions.slice(0, -1);
  if (!before.length) return "";
  return el("nav", { class: "earlier", "aria-label": t("earlier") }, el("ol", {},
    ...before.map((question, at) => el("li", { dir: "auto" },
      link({ questions: state.questions.slice(0, at + 1), ...nothingOpen }, question)))));
}

function followUp(state) {
  const box = el("input", { id: "follow-up", type: "text", dir: "auto", maxlength: 2000, autocomplete: "off", placeholder: t("follow_up"), "aria-label": t("follow_up") });
  const form = el("form", { class: "follow-up" }, box, el("button", { type: "submit", class: "quiet" }, t("ask")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim()) go({ ...nothingOpen, questions: [...state.questions, box.value.trim()] });
  });
  return form;
}

// Documents by title: for who wants to look around before asking.
async function list(state, offset, signal) {
  const added = state.list === "new";
  const parameters = addFilters(new URLSearchParams({ offset, limit: LISTED, sort: added ? "added" : "title" }), state.filters);
  const { documents, total } = await json(`/documents?${parameters}`, signal);
  const keeper = document.body.classList.contains("keeper");
  const cards = documents.map((one) => documentCard(one, { added, keeper }));
  if (offset) $("listed").append(...cards);
  else {
    if (countFilters(state.filters)) $("result").append(el("p", {}, link({ ...nothingOpen, list: "start" }, t("start_link"))));
    $("result").append(el("section", { class: "passages" },
      el("h2", {}, added ? t("newest") : t("documents_n", { n: number(total) })), el("ol", { id: "listed", class: "hits" }, ...cards)));
  }
  const next = offset + documents.length;
  if (next >= total) return;
  const more = el("button", { type: "button", class: "more", onclick: () => { more.remove(); list(state, next, signal).catch(fail); } }, t("more_documents"));
  $("result").append(more);
}

// The first view: what there is to ask about, to begin with a country or a kind of document.
async function welcome(signal) {
  const { facets, documents } = await json("/facets", signal);
  if (!documents) return (await import("./empty.js")).showEmpty(again, signal);
  const chips = (name, most) => Object.entries(facets[name] ?? {}).slice(0, most).map(([value, count]) =>
    link({ filters: { ...noFilters(), [name]: [value] } }, el("span", { dir: "auto" }, valueName(name, value)), el("span", { class: "count" }, number(count))));
  const rows = ["country", "kind"].map((name) => [name, chips(name, 12)]).filter(([, some]) => some.length);
  $("result").append(el("section", { class: "begin", "aria-label": t("begin") },
    ...rows.map(([name, some]) => el("div", {}, el("h2", {}, t(`facet_${name}`)), el("p", { class: "chips" }, ...some))),
    el("p", { class: "chips" }, link({ list: "documents" }, t("all_documents")), link({ list: "new" }, t("newest")))));
}

function link(change, ...children) {
  return el("a", {
    href: write({ ...read(), ...change }),
    onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(change);
    },
  }, ...children);
}

const say = (text) => { $("status").textContent = text; };

function unauthorised(error) {
  if (error.status === 401) askForToken(token.get() ? error.message : "");
}

function fail(error) {
  if (error.name === "AbortError") return;
  say("");
  asking.abort();
  $("result").replaceChildren();
  if (error.status === 401) return unauthorised(error);
  $("result").append(el("section", { class: "notice", role: "alert" },
    el("p", {}, error.message),
    error.requestId && el("p", { class: "remark" }, `${t("request")} ${error.requestId}`),
    el("button", { type: "button", class: "quiet", onclick: again }, t("try_again"))));
}

function again() {
  shown = null;
  forgetFacets();
  forgetDocument();
  show(read());
}

function listen() {
  $("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const question = $("q").value.trim();
    hideSuggestions();
    if (!question) return;
    if (matchMedia("(pointer: coarse)").matches) $("q").blur(); // puts the keyboard away
    if (question === read().questions.at(-1)) again();
    else go({ ...nothingOpen, questions: [question], list: "", pack: "" });
  });
  $("open-pack").addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go({ ...nothingOpen, pack: new URL($("open-pack").href).searchParams.get("pack") });
  });
  for (const to of document.querySelectorAll("a.to")) {
    to.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(read(new URL(to.href).search));
      scrollTo(0, 0);
    });
  }
  $("home").addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go({ ...read(""), ...nothingOpen });
    $("q").focus();
  });
  $("close-reader").addEventListener("click", () => go(nothingOpen));
  document.addEventListener("keydown", (event) => {
    readerKeys(event);
    const writing = event.target.closest("input, textarea, select");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    $("q").focus();
    $("q").select();
  });
  $("language").append(...Object.entries(LANGUAGES).map(([code, name]) => el("option", { value: code, lang: code, selected: code === current() }, name)));
  $("language").addEventListener("change", async () => {
    await choose($("language").value);
    await greet();
    again();
  });
  $("filters").open = matchMedia("(min-width: 62.01rem)").matches;
  suggestIn($("q"));
  onToken(() => { greet(); beginPacks(); again(); });
  onChange(show);
  addEventListener("popstate", () => show(read()));
}

await speak();
listen();
signInEnded();
greet();
beginPacks();
show(read());
document.body.classList.remove("starting");
if (document.body.classList.contains("fresh")) $("q").focus();
