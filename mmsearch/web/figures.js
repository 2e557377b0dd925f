// For the people who keep the library: how much is asked, how much of it is answered, how fast.

import { go } from "./address.js";
import { download, json } from "./client.js";
import { $, el, style, svg } from "./dom.js";
import { opener } from "./passages.js";
import { current, learn, number, percent, t } from "./words.js";

// What can be looked at: the value of "list" in the address, how far back, in which steps.
const SPANS = {
  "figures": { days: 30, by: "day" },
  "figures-week": { days: 26 * 7, by: "week" },
  "figures-month": { days: 365, by: "month" },
};
const HEIGHT = 120; // of the drawing, in its own units; a period is 10 wide
const STEP = 10;

export async function showFigures(state, signal) {
  const span = SPANS[state.list] ?? SPANS.figures;
  const parameters = new URLSearchParams(span);
  const [{ periods, total, gaps }] = await Promise.all([json(`/figures?${parameters}`, signal), learn("figures"), style("figures")]);
  document.title = `${t("figures")} – ${t("title")}`;
  $("result").append(el("section", { class: "figures", "aria-labelledby": "figures-title" },
    el("h2", { id: "figures-title" }, t("figures")),
    el("div", { class: "figures-head" }, choice(state.list), el("button", {
      type: "button", class: "quiet small", onclick: () => download(`/figures.csv?${parameters}`, "figures.csv").catch((error) => { $("status").textContent = error.message; }),
    }, t("gaps_sheet"))),
    tiles(total),
    total.asked > 0 ? chart(periods, span.by) : el("p", { class: "remark" }, t("figures_none")),
    gaps.length > 0 && missing(gaps),
    total.asked > 0 && table(periods, span.by)));
}

function choice(list) {
  return el("div", { class: "choice", role: "group", "aria-label": t("figures_span") },
    ...Object.keys(SPANS).map((name) => el("button", {
      type: "button", class: "quiet small", "aria-pressed": String(name === list), "data-span": name, onclick: () => go({ list: name }),
    }, t(`figures_${SPANS[name].by}`))));
}

function tiles({ asked, answered, median, slowest, helpful, unhelpful }) {
  const shown = [
    [t("figures_asked"), number(asked), ""],
    [t("figures_answered"), share(answered, asked), ""],
    [t("figures_time"), seconds(median), slowest === null ? "" : t("figures_slowest", { n: seconds(slowest) })],
    [t("figures_votes"), `${number(helpful)} / ${number(unhelpful)}`, t("figures_votes_are")],
  ];
  return el("dl", { class: "tiles" }, ...shown.map(([name, value, more]) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, el("b", {}, value), more && el("small", {}, more)))));
}

// Bars of what was asked; the part that was answered is filled. The table says the same in numbers.
function chart(periods, by) {
  const most = Math.max(...periods.map((one) => one.asked));
  const high = (n) => (n / most) * HEIGHT;
  const bars = periods.flatMap(({ asked, answered }, at) => [
    bar(at, HEIGHT - high(asked), high(asked - answered), "open"),
    bar(at, HEIGHT - high(answered), high(answered), "said")]);
  const first = name(periods[0], by);
  const last = name(periods.at(-1), by);
  return el("figure", { class: "chart" },
    el("p", { class: "legend", "aria-hidden": "true" }, el("i", { class: "said" }), t("figures_answered"), el("i", { class: "open" }), t("figures_unanswered")),
    el("div", { class: "plot" }, el("span", { class: "most", "aria-hidden": "true" }, number(most)),
      svg("svg", { viewBox: `0 0 ${periods.length * STEP} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": t("figures_drawn", { first, last, n: number(most) }) }, ...bars)),
    el("figcaption", { "aria-hidden": "true" }, el("span", {}, first), el("span", {}, last)));
}

const bar = (at, y, height, sort) => svg("rect", { x: at * STEP + 1, y, width: STEP - 2, height, class: sort });

function table(periods, by) {
  const heads = ["figures_period", "figures_asked", "figures_answered", "figures_time", "figures_votes"];
  const rows = periods.filter((one) => one.asked || one.helpful || one.unhelpful).reverse();
  return el("div", { class: "table", tabindex: "0", role: "group", "aria-label": t("figures_table") }, el("table", {},
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, t(head))))),
    el("tbody", {}, ...rows.map((one) => el("tr", {},
      el("th", { scope: "row" }, name(one, by)),
      el("td", {}, number(one.asked)),
      el("td", {}, share(one.answered, one.asked)),
      el("td", {}, seconds(one.median)),
      el("td", {}, `${number(one.helpful)} / ${number(one.unhelpful)}`))))));
}

function missing(groups) {
  return el("section", {}, el("h2", {}, t("figures_gaps")),
    el("ol", { class: "gaps" }, ...groups.map(({ question, times }) => el("li", {},
      el("span", { dir: "auto" }, question || t("question_not_kept")), el("span", { class: "count" }, t("times_n", { n: number(times) }))))),
    el("p", { class: "to-start" }, opener({ list: "gaps" }, {}, t("gaps"))));
}

// Days are days of UTC, whatever the clock of this machine says.
function name({ first, last }, by) {
  const said = (style, day) => new Intl.DateTimeFormat(current(), { ...style, timeZone: "UTC" }).format(new Date(day));
  if (by === "month") return said({ month: "long", year: "numeric" }, first);
  const style = { day: "numeric", month: "short" };
  return by === "day" ? said(style, first) : `${said(style, first)} – ${said(style, last)}`;
}

const share = (part, all) => (all ? percent(part / all) : "–");
const seconds = (n) => {
  if (n === null) return "–";
  const [value, unit] = n < 1 ? [Math.round(n * 1000), "millisecond"] : [n, "second"];
  return value.toLocaleString(current(), { style: "unit", unit, maximumFractionDigits: 1 });
};
