// The page: one box that asks. The question is kept in the address, so that it can be shared.

import { ask, get, token } from "./client.js";
import { citation, el, forgetPictures, hit, sentence } from "./render.js";

const $ = (id) => document.getElementById(id);
const TITLE = document.title;
const NEAREST = 5; // passages shown beside an answer, or in place of one
const WHY = $("token-why").textContent;
let asking = new AbortController();

async function answer(question) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  clear();
  if (!question) return;
  document.body.classList.remove("fresh");
  document.title = `${question} – ${TITLE}`;
  say("Reading the library …", true);
  const show = answerView();
  try {
    await ask(question, show, signal);
    say("");
  } catch (error) {
    if (error.name !== "AbortError" && !signal.aborted) fail(error, question);
  }
}

// What to do with each event of an answer.
function answerView() {
  const sentences = el("ol", { class: "sentences" });
  const cited = new Set();
  return {
    sentence(data) {
      if (!sentences.isConnected) $("result").append(el("section", { class: "answer", "aria-label": "Answer" }, sentences));
      sentences.append(sentence(data));
    },
    citations(all) {
      all.forEach((one) => cited.add(one.passage_id));
      section("Sources", el("ol", { class: "sources" }, ...all.map(citation)));
    },
    nearest(hits) {
      const others = hits.filter((one) => !cited.has(one.passage_id)).slice(0, NEAREST);
      const list = el("ol", { class: "sources" }, ...others.map(hit));
      if (!cited.size) notFound(others, list);
      else if (others.length) $("result").append(el("details", {}, el("summary", {}, "Other passages near this question"), list));
    },
  };
}

function notFound(hits, list) {
  $("result").append(el("section", { class: "answer not-found" },
    el("p", {}, "I did not find this in the library."),
    el("p", { class: "more" }, hits.length ? "These passages come nearest; none of them answers it for certain." : "Nothing in it comes near. Try other words.")));
  if (hits.length) section("Nearest passages", list);
}

function section(heading, ...children) {
  $("result").append(el("section", {}, el("h2", {}, heading), ...children));
}

function clear() {
  $("result").replaceChildren();
  $("token-form").hidden = true;
  forgetPictures();
  say("");
}

function say(text, busy = false) {
  $("status").textContent = text;
  $("status").classList.toggle("busy", busy);
}

function fail(error, question) {
  say("");
  $("result").replaceChildren();
  if (error.status === 401) {
    askForToken(token.get() ? error.message : "");
    return;
  }
  const id = error.requestId ? ` Request ${error.requestId}.` : "";
  $("result").append(el("section", { class: "notice", role: "alert" },
    el("p", {}, error.message),
    el("p", { class: "more" }, id),
    el("button", { type: "button", onclick: () => answer(question) }, "Try again")));
}

function askForToken(why) {
  $("token-why").textContent = why || WHY;
  $("token-form").hidden = false;
  $("token").focus();
}

// Say what the library holds for this reader, and whether a token would show more.
async function greet() {
  $("forget-token").hidden = !token.get();
  $("use-token").hidden = true;
  $("holds").textContent = "";
  $("who").textContent = "";
  try {
    const health = await (await get("/health")).json();
    const { documents, passages, caller } = health;
    if (documents !== undefined) $("holds").textContent = `${count(documents, "document")}, ${count(passages, "passage")}`;
    if (caller === "anonymous") $("who").textContent = documents === undefined ? "A token is needed to read." : "You read what is public.";
    $("use-token").hidden = caller !== "anonymous";
  } catch (error) {
    if (error.status === 401) askForToken(error.message);
    else $("who").textContent = error.message;
  }
}

const count = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
const asked = () => (new URLSearchParams(location.search).get("q") ?? "").trim();

function fromAddress() {
  $("q").value = asked();
  document.body.classList.toggle("fresh", !asked());
  document.title = TITLE;
  answer(asked());
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const question = $("q").value.trim();
  if (!question) return;
  if (matchMedia("(pointer: coarse)").matches) $("q").blur(); // puts the keyboard away
  if (question !== asked()) history.pushState(null, "", `/?q=${encodeURIComponent(question)}`);
  answer(question);
});
$("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  token.set($("token").value.trim());
  $("token").value = "";
  greet();
  answer(asked());
});
$("use-token").addEventListener("click", () => askForToken());
$("forget-token").addEventListener("click", () => {
  token.forget();
  greet();
  answer(asked());
});
$("viewer").addEventListener("click", (event) => {
  if (event.target === $("viewer")) $("viewer").close();
});
document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, dialog[open]");
  if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  $("q").focus();
  $("q").select();
});
addEventListener("popstate", () => { if (asked() !== $("q").value.trim() || !location.hash) fromAddress(); });

greet();
fromAddress();
