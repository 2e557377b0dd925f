// A library without documents: who keeps it uploads the first ones right here, everybody else reads
// that there is nothing yet. Loaded only then.

import { greet } from "./account.js";
import { json } from "./client.js";
import { $, el, style } from "./dom.js";
import { intake, queue, watchQueue } from "./uploads.js";
import { learn, number, t } from "./words.js";

// What to type on the machine itself; not a sentence, so the same in every language.
const COMMAND = "mmsearch ingest FOLDER --library LIBRARY";

export async function showEmpty(begin, signal) {
  const { caller, sign_in: signIn } = await json("/health", signal);
  if (caller !== "keeper") {
    $("result").append(el("section", { class: "notice" }, el("h2", {}, t("empty_title")), el("p", {}, t("empty_reader")), signIn && el("p", { class: "remark" }, t("empty_account"))));
    return;
  }
  await Promise.all([learn("library"), style("library")]);
  if (signal.aborted) return;
  const soFar = el("p", { role: "status" });
  const view = el("section", { class: "keeping empty", "aria-labelledby": "empty-title" },
    el("h2", { id: "empty-title", class: "name" }, t("empty_title")), el("p", {}, t("empty_keeper")), el("p", { class: "remark" }, t("empty_formats")),
    intake(), soFar, queue(),
    el("p", { class: "remark" }, t("empty_command")), el("p", {}, el("code", { dir: "ltr" }, COMMAND)));
  $("result").append(view);
  watchQueue(view, async () => {
    const { documents } = await greet() ?? {};
    if (!documents) return;
    $("empty-title").textContent = t("library");
    soFar.replaceChildren(t("empty_filled", { n: number(documents) }), " ", el("button", { type: "button", class: "small", onclick: begin }, t("empty_begin")));
  });
}
