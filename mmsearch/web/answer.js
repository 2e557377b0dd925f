// An answer: numbered sentences as they arrive, and the sources they stand on.

import { addressOf, go, nothingOpen } from "./address.js";
import { el, flowing } from "./dom.js";
import { feedback } from "./feedback.js";
import { meta, opener, scanned } from "./passages.js";
import { placeName, t, valueName } from "./words.js";

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
      sources.append(...byDocument(cited).map((some) => source(some, spoken, actions)));
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
      if (box.classList.contains("held")) unfoldable(box);
    },
    // What follows is shown before the answer is there: it must not move when that comes.
    hold: () => box.classList.add("held"),
  };
}

// Of a long list, the rest and its sources are there on demand.
function fold(box, said, sentences) {
  const first = new Set(said.slice(0, SHOWN).flatMap((one) => one.citations));
  for (const one of box.querySelectorAll(".sources [data-n]")) one.hidden = !first.has(Number(one.dataset.n));
  for (const one of box.querySelectorAll(".several")) one.hidden = !one.querySelector("[data-n]:not([hidden])");
  const all = el("button", { type: "button", class: "more", onclick: () => {
    const next = sentences.children[SHOWN].querySelector("a");
    for (const one of box.querySelectorAll(".sentences > [hidden], .sources [hidden]")) one.hidden = false;
    all.remove();
    next?.focus();
  } }, t("more_n", { n: said.length - SHOWN }));
  sentences.after(all);
}

// An answer that is longer than the place that was held for it opens when somebody wants all of it.
function unfoldable(box) {
  if (box.scrollHeight <= box.clientHeight) return;
  const open = () => {
    box.classList.remove("held");
    more.remove();
    box.removeEventListener("focusin", open);
  };
  const more = el("div", { class: "unfold" }, el("button", { type: "button", class: "quiet small", onclick: open }, t("whole_answer")));
  box.append(more);
  box.addEventListener("focusin", open);
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

function byDocument(cited) {
  const grouped = new Map();
  for (const one of cited) grouped.set(one.doc_id, [...(grouped.get(one.doc_id) ?? []), one]);
  return [...grouped.values()];
}

// A document that is cited, said once, with each place in it under its number.
function source(some, spoken, actions) {
  const [first] = some;
  const number = (one) => ({ id: `source-${one.n}`, tabindex: "-1", "data-n": one.n });
  const sign = (one) => el("span", { class: "n", "aria-hidden": "true" }, String(one.n));
  const title = (link) => el("p", { class: "title", dir: "auto" }, opener(link, {}, first.title));
  if (some.length === 1) {
    return el("li", { class: "source", ...number(first) }, sign(first),
      el("div", {}, title(target(first)), meta(first), !first.page && under(first), quote(first, spoken), el("div", { class: "actions" }, ...actions(first))));
  }
  return el("li", { class: "source several" },
    title({ doc: first.doc_id }), meta({ ...first, page: null, locator: null, evidence: "", ocr: null }),
    el("ol", { class: "quotes" }, ...some.map((one, at) => el("li", number(one), sign(one),
      el("div", {}, el("p", { class: "at", dir: "auto" }, opener(target(one), {}, placeName(one) || t("page")),
        one.evidence !== "plain" && el("span", { class: "evidence" }, valueName("evidence", one.evidence)),
        typeof one.ocr === "number" && el("span", { class: "path" }, scanned(one.ocr))), heading(one) !== heading(some[at - 1]) && under(one), quote(one, spoken)),
      el("div", { class: "actions" }, ...actions(one))))));
}

// The heading that a quote stands under; it is said again only where it is another.
const heading = (one) => one?.heading_path.filter((name) => name !== one.title).at(-1);
const under = (one) => heading(one) && el("p", { class: "path", dir: "auto" }, heading(one));

// The quote is left out where a sentence of the answer already says exactly that.
const quote = (one, spoken) => !spoken.includes(squeezed(one.quote)) && el("blockquote", { dir: "auto" }, flowing(one.quote));

// Show which sentence the open document belongs to.
export function follow(state) {
  for (const item of document.querySelectorAll(".sentences .ref, .sources .title a, .sources .at a")) {
    const there = new URLSearchParams(new URL(item.href).search);
    const same = state.doc && there.get("doc") === state.doc && there.get("start") === String(state.start);
    if (same) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
}
