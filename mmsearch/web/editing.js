// Dialogs for keepers: to edit what is said of documents, and to be sure before something is removed.

import { call, Problem } from "./client.js";
import { el } from "./dom.js";
import { current, number, t, valueName } from "./words.js";

const LISTS = ["countries", "languages", "publisher", "groups"];
const FIELDS = ["title", "year", "kind", "countries", "languages", "publisher", "access", "groups"];
const OFFERED = { kind: "kind" };

function open(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

// Ask before something is done; without a word for doing it, only say something.
export function sure(what, doing) {
  return new Promise((answer) => {
    const dialog = el("dialog", { class: "ask", "aria-label": doing ?? t("notice") }, typeof what === "string" ? el("p", {}, what) : what,
      el("div", { class: "ends" },
        doing && el("button", { type: "button", class: "bad", onclick: () => { answer(true); dialog.close(); } }, doing),
        el("button", { type: "button", class: "quiet", autofocus: true, onclick: () => dialog.close() }, doing ? t("cancel") : t("close"))));
    dialog.addEventListener("close", () => answer(false));
    open(dialog);
  });
}

// Why a file failed, in the reader's language; the program's own words are behind it.
export function why({ reason, failure }, key = "") {
  const name = `failure_${failure}`;
  if (!reason || !t.has(name)) return reason && el("span", { class: "reason", dir: "auto" }, reason);
  return el("div", { class: "reason" }, t(name), el("details", {}, el("summary", { "data-key": key }, t("failure_details")), el("span", { dir: "auto" }, reason)));
}

const SLOW = 1500; // milliseconds after which somebody is told that it waits
const BETWEEN = 2000; // and between two tries

// Do what changes the library, and again while another change is being written, for as long as
// goesOn() says; waits() tells that it is so.
export async function patiently(action, waits, goesOn) {
  const slow = setTimeout(waits, SLOW);
  try {
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (error.kind !== "library-busy" || !goesOn()) throw error;
        waits();
        await new Promise((done) => setTimeout(done, BETWEEN));
        if (!goesOn()) throw error;
      }
    }
  } finally {
    clearTimeout(slow);
  }
}

// Edit one document, or several at once; resolves with what was changed, or null.
export function editDocuments(rows, known) {
  return new Promise((answer) => {
    const [first] = rows;
    const one = rows.length === 1;
    const inputs = Object.fromEntries(FIELDS.filter((name) => one || name !== "title").map((name) => [name, input(name, first, one, known)]));
    const back = new Set();
    const problem = el("p", { class: "wrong", role: "alert" });
    const waiting = el("p", { class: "remark", role: "status" });
    const lines = Object.entries(inputs).map(([name, box]) => line(name, box, one && first.edited.includes(name), back));
    const form = el("form", { method: "dialog" },
      el("h2", { id: "editing-title" }, one ? t("edit_one") : t("edit_n", { n: number(rows.length) })),
      one && el("p", { class: "path", dir: "auto" }, first.file),
      el("p", { class: "remark" }, one ? t("edit_why") : t("edit_many")),
      ...lines, problem, waiting,
      el("div", { class: "ends" }, el("button", { type: "submit" }, t("keep")), el("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, t("cancel"))));
    const dialog = el("dialog", { class: "edit", "aria-labelledby": "editing-title" }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const fields = difference(inputs, first, one, back);
      if (!Object.keys(fields).length) return dialog.close();
      clearProblems(inputs, problem);
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      try {
        await patiently(
          () => call("/keeping/documents", { method: "PATCH", body: { doc_ids: rows.map((row) => row.doc_id), fields } }),
          () => { waiting.textContent = t("waits_for_turn"); }, () => dialog.open);
        answer(fields);
        dialog.close();
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        showProblems(error, inputs, problem);
      } finally {
        waiting.textContent = "";
        button.disabled = false;
      }
    });
    dialog.addEventListener("close", () => answer(null));
    open(dialog);
  });
}

function input(name, row, one, known) {
  const value = one ? text(name, row) : "";
  const shared = { id: `edit-${name}`, name, "data-before": value };
  if (name === "access") {
    return el("select", shared, !one && el("option", { value: "" }, t("edit_unchanged")),
      ...["public", "internal", "restricted"].map((level) => el("option", { value: level, selected: level === value }, t(`access_${level}`))));
  }
  const offered = OFFERED[name] && known[OFFERED[name]];
  const box = el("input", { ...shared, type: "text", value, dir: "auto", autocomplete: "off", placeholder: one ? "" : t("edit_unchanged"), inputmode: name === "year" ? "numeric" : null, list: offered ? `offer-${name}` : null });
  if (offered) box.offer = el("datalist", { id: `offer-${name}` }, ...offered.map((value) => el("option", { value }, valueName(name, value))));
  return box;
}

const text = (name, row) => (LISTS.includes(name) ? row[name].join("; ") : String(row[name] ?? ""));

function line(name, box, edited, back) {
  const parts = [el("label", { for: box.id }, t(`field_${name}`)), box, box.offer ?? "", el("span", { class: "wrong", id: `wrong-${name}` })];
  if (LISTS.includes(name)) parts.push(el("span", { class: "hint-line" }, t("edit_list")));
  if (edited) {
    const undo = el("button", { type: "button", class: "plain", onclick: () => {
      back.add(name);
      box.disabled = true;
      undo.replaceWith(el("span", { class: "hint-line" }, t("edit_taken_back")));
    } }, t("edit_back"));
    parts.push(undo);
  }
  return el("div", { class: "field" }, ...parts);
}

// Only what somebody changed is sent: null takes an edit back.
function difference(inputs, row, one, back) {
  const fields = {};
  for (const [name, box] of Object.entries(inputs)) {
    if (back.has(name)) fields[name] = null;
    else if (box.value !== box.dataset.before) fields[name] = LISTS.includes(name) ? parts(box.value) : box.value.trim();
  }
  if ("groups" in fields && fields.groups && !("access" in fields) && one && row.access === "restricted") fields.access = "restricted";
  if (fields.access === "restricted" && !("groups" in fields) && one) fields.groups = parts(inputs.groups.value);
  return fields;
}

export const parts = (value) => value.split(/[;؛]/).map((part) => part.trim()).filter(Boolean);

function clearProblems(inputs, problem) {
  problem.textContent = "";
  for (const [name, box] of Object.entries(inputs)) {
    box.removeAttribute("aria-invalid");
    box.removeAttribute("aria-describedby");
    document.getElementById(`wrong-${name}`).textContent = "";
  }
}

function showProblems(error, inputs, problem) {
  problem.textContent = error.message;
  for (const { where, what } of error.errors ?? []) {
    const box = inputs[where];
    if (!box) {
      problem.textContent += ` ${where}: ${what}`;
      continue;
    }
    const own = `wrong_${where}`;
    document.getElementById(`wrong-${where}`).textContent = current() !== "en" && t.has(own) ? t(own) : what;
    box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", `wrong-${where}`);
  }
  Object.values(inputs).find((box) => box.getAttribute("aria-invalid"))?.focus();
}
