// An answer: numbered sentences as they arrive, and the sources they stand on.

import { addressOf, go, nothingOpen } from "./address.js";
import { el, flowing } from "./dom.js";
import { feedback } from "./feedback.js";
import { meta, opener } from "./passages.js";
import { t } from "./words.js";

const SHOWN = 8; // sentences shown at first of an answer that lists many

// Returns the box to show and what to do with each event of the answer.
export function answerView({ actions = () => [], all = () => [] } = {}) {
  const sentences = el("ol", { class: "sentences" });
  const sources = el("ol", { class: "sources" });
  const after = el("div", { class: "after" });
  const box = el("section", { class: "answer waiting", "aria-labelledby": "answer-title", "aria-busy": "true" },
    el("h2", { id: "answer-title", class: "unseen" }, t("answer")),
    el("div", { class: "skeleton", "aria-hidden": "true" }, el("i"), el("i"), el("i")));
  const said = [];
  return {
    box,
    sentence(data) {
      if (!said.length) begin(box, sentences);
      said.push(data);
      sentences.append(el("li", { dir: "auto", hidden: said.length > SHOWN, "data-citations": data.citations.join(" ") },
        el("span", { class: "said" }, flowing(data.text)), " ", ...data.citations.map(reference)));
    },
    citations(cited) {
      const spoken = said.map((one) => squeezed(one.text));
      sources.append(...cited.map((one) => source(one, spoken, actions)));
      box.append(el("div", { class: "label" }, el("h3", {}, t("sources")), ...all(cited)), sources);
      link(sentences, cited);
      if (said.length > SHOWN) fold(box, said, sentences);
    },
    done(data) {
      box.removeAttribute("aria-busy");
      if (!data.answered) {
        begin(box, el("p", { class: "no-answer", dir: "auto", lang: data.language }, data.message));
        box.classList.add("not-found");
      }
      for (const remark of data.remarks) after.append(el("p", { class: "remark", dir: "auto", lang: data.language }, remark));
      if (data.answer_id) after.append(feedback(data));
      box.append(after);
    },
  };
}

// Of a long list, the rest and its sources are there on demand.
function fold(box, said, sentences) {
  const first = new Set(said.slice(0, SHOWN).flatMap((one) => one.citations));
  const rest = [...box.querySelectorAll(".source")].filter((one) => !first.has(Number(one.dataset.n)));
  for (const one of rest) one.hidden = true;
  const all = el("button", { type: "button", class: "more", onclick: () => {
    const next = sentences.children[SHOWN].querySelector("a");
    for (const one of box.querySelectorAll(".sentences > [hidden], .sources > [hidden]")) one.hidden = false;
    all.remove();
    next?.focus();
  } }, t("more_n", { n: said.length - SHOWN }));
  sentences.after(all);
}

function begin(box, content) {
  box.classList.remove("waiting");
  box.querySelector(".skeleton")?.replaceWith(content);
}

const reference = (n) => el("a", { class: "ref", href: `#source-${n}`, "data-n": n, "aria-label": t("source_n", { n }) }, String(n));

// Numbers open the document beside the answer, once it is known where their words stand.
function link(sentences, all) {
  const targets = new Map(all.map((one) => [String(one.n), target(one)]));
  for (const ref of sentences.querySelectorAll(".ref")) {
    const change = targets.get(ref.dataset.n);
    ref.href = addressOf(change);
    ref.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(change);
    });
  }
}

const target = (one) => ({ ...nothingOpen, doc: one.doc_id, start: one.start, end: one.end });
const squeezed = (text) => text.replace(/\s+/g, " ").trim();

// The quote is left out where a sentence of the answer already says exactly that.
function source(one, spoken, actions) {
  const same = spoken.includes(squeezed(one.quote));
  return el("li", { id: `source-${one.n}`, class: "source", tabindex: "-1", "data-n": one.n },
    el("span", { class: "n", "aria-hidden": "true" }, String(one.n)),
    el("div", {},
      el("p", { class: "title", dir: "auto" }, opener(target(one), {}, one.title)),
      meta(one),
      !same && el("blockquote", { dir: "auto" }, flowing(one.quote)),
      el("div", { class: "actions" }, ...actions(one))));
}

// Show which sentence the open document belongs to.
export function follow(state) {
  for (const item of document.querySelectorAll(".sentences .ref, .sources .title a")) {
    const there = new URLSearchParams(new URL(item.href).search);
    const same = state.doc && there.get("doc") === state.doc && there.get("start") === String(state.start);
    if (same) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}
