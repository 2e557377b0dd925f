// What a reader says about an answer; "not helpful" and "no answer" reach the library's keepers.

import { call } from "./client.js";
import { el } from "./dom.js";
import { t } from "./words.js";

export function feedback({ answer_id: id, answered, question }) {
  const box = el("div", { class: "feedback" });
  const tell = (text) => box.replaceChildren(el("p", { role: "status" }, text));
  const send = async (address, body) => {
    try {
      const { recorded } = await (await call(address, { method: "POST", body })).json();
      tell(recorded ? t("thanks") : t("not_recorded"));
    } catch (error) {
      tell(error.message);
    }
  };
  const vote = (helpful, missing = "") => send(`/answers/${encodeURIComponent(id)}/feedback`, { helpful, missing });
  if (answered) {
    box.append(
      el("span", {}, t("did_it_help")),
      el("button", { type: "button", class: "quiet small", onclick: () => vote(true) }, t("yes")),
      el("button", { type: "button", class: "quiet small", onclick: () => box.replaceChildren(...missingForm((missing) => vote(false, missing))) }, t("no")));
    box.querySelectorAll("button")[1].addEventListener("click", () => box.querySelector("input")?.focus());
  } else {
    box.append(el("button", { type: "button", class: "quiet small", onclick: () => send("/gaps", { question, answer_id: id }) }, t("tell_keepers")));
  }
  return box;
}

function missingForm(send) {
  const input = el("input", { type: "text", name: "missing", maxlength: 2000, dir: "auto", placeholder: t("what_was_missing"), "aria-label": t("what_was_missing") });
  const form = el("form", { class: "row" }, input, el("button", { type: "submit", class: "quiet" }, t("send")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(input.value.trim());
  });
  return [form];
}
