// Suggestions under the box while somebody types (the combobox pattern of WAI-ARIA).

import { go, nothingOpen } from "./address.js";
import { json } from "./client.js";
import { $, cutter, el, icon } from "./dom.js";
import { t } from "./words.js";

const PAUSE = 120; // milliseconds without a key before the library is asked
const DRAWN = { title: "file", country: "globe", acronym: "word" };
let waiting = 0;
let asking = new AbortController();
let chosen = -1;
let found = [];

export function suggestIn(box) {
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => look(box), PAUSE);
  });
  box.addEventListener("keydown", (event) => key(event, box));
  box.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== box) hideSuggestions(); }, 150));
}

export function hideSuggestions() {
  clearTimeout(waiting);
  asking.abort();
  chosen = -1;
  found = [];
  $("suggestions").hidden = true;
  $("q").setAttribute("aria-expanded", "false");
  $("q").removeAttribute("aria-activedescendant");
}

async function look(box) {
  asking.abort();
  asking = new AbortController();
  const typed = box.value;
  if (typed.trim().length < 2 || typed.length > 200) return hideSuggestions();
  try {
    const { suggestions } = await json(`/suggest?${new URLSearchParams({ q: typed })}`, asking.signal);
    if (box.value === typed && document.activeElement === box) show(suggestions, box);
  } catch (error) {
    if (error.name !== "AbortError") hideSuggestions(); // somebody who types can do without
  }
}

function show(suggestions, box) {
  if (!suggestions.length) return hideSuggestions();
  found = suggestions;
  chosen = -1;
  $("suggestions").replaceChildren(...suggestions.map((one, at) =>
    el("li", { role: "option", id: `suggestion-${at}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(one, box); } },
      icon(DRAWN[one.kind]),
      el("span", { class: "what", dir: "auto" }, one.text),
      one.detail && el("span", { class: "detail", dir: "auto" }, one.detail),
      el("span", { class: "sort" }, t(`suggest_${one.kind}`)))));
  $("suggestions").hidden = false;
  box.setAttribute("aria-expanded", "true");
  box.removeAttribute("aria-activedescendant");
}

function key(event, box) {
  if ($("suggestions").hidden) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    chosen += step; // past either end lies what was typed
    if (chosen < -1) chosen = found.length - 1;
    if (chosen === found.length) chosen = -1;
    mark(box);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    take(found[chosen], box);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    event.preventDefault();
    hideSuggestions();
  }
}

function mark(box) {
  [...$("suggestions").children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
}

// A title opens its document; a country or an acronym takes the place of what was typed of it.
function take(one, box) {
  hideSuggestions();
  if (one.kind === "title") {
    go({ ...nothingOpen, doc: one.doc_id });
    return;
  }
  const { cut } = cutter(box.value);
  box.value = `${cut(0, one.at)}${one.kind === "acronym" ? one.detail || one.text : one.text} `;
  box.focus();
}
