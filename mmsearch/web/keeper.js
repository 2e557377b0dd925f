// For the people who keep the library: questions without a good answer, and what became of them.

import { call, download, json } from "./client.js";
import { $, el } from "./dom.js";
import { opener } from "./passages.js";
import { day, languageName, number, t } from "./words.js";

const STATES = ["open", "document added", "no evidence exists"];

export async function showGaps(signal) {
  const { groups } = await json("/gaps", signal);
  const section = el("section", { class: "passages" },
    el("h2", {}, t("gaps")),
    el("p", { class: "remark" }, groups.length ? t("gaps_why") : t("gaps_none")),
    groups.length > 0 && el("button", { type: "button", class: "quiet small", onclick: () => download("/gaps.csv", "gaps.csv").catch((error) => say(error.message)) }, t("gaps_sheet")),
    el("ol", { class: "hits" }, ...groups.map(group)));
  $("result").append(section);
}

const say = (text) => { $("status").textContent = text; };

// Questions about the same stand together, the one asked most often first.
function group({ gaps, times }) {
  const [first, ...others] = gaps;
  return el("li", { class: "passage" },
    el("h3", { dir: "auto" }, first.question || t("question_not_kept")),
    el("p", { class: "meta" }, `${t("times_n", { n: number(times) })} · ${day(first.last)} · ${languageName(first.language)}`),
    first.missing && el("blockquote", { dir: "auto" }, first.missing),
    state(first),
    others.length > 0 && el("details", {}, el("summary", {}, t("more_n", { n: number(others.length) })),
      el("ul", {}, ...others.map((gap) => el("li", {}, el("p", { dir: "auto" }, gap.question || t("question_not_kept")), gap.missing && el("blockquote", { dir: "auto" }, gap.missing), state(gap))))));
}

function state(gap) {
  const select = el("select", { name: "state", "aria-label": t("gap_state") },
    ...STATES.map((one) => el("option", { value: one, selected: one === gap.state }, t(`gap_${one.replaceAll(" ", "_")}`))));
  select.addEventListener("change", async () => {
    try {
      await call(`/gaps/${encodeURIComponent(gap.gap_id)}`, { method: "PATCH", body: { state: select.value, note: gap.note ?? "" } });
      say(t("kept"));
    } catch (error) {
      say(error.message);
      select.value = gap.state;
    }
  });
  return el("p", { class: "gap-state" }, select, " ", opener({ list: "library", gap: gap.gap_id }, {}, t("gap_upload")));
}
