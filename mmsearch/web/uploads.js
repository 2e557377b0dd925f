// Uploading: files and folders are sent one after another, then read in the background by the
// service; the list shows where each stands. It goes on while another view is looked at.

import { call, json, token } from "./client.js";
import { $, el, icon } from "./dom.js";
import { parts, why } from "./editing.js";
import { opener } from "./passages.js";
import { current, number, t } from "./words.js";

const AT_ONCE = 3; // files that are sent at a time
const SOON = 1000; // milliseconds between two looks at the queue while something is at work
const SELDOM = 15_000;
const SHOWN = 60; // lines of the queue
const AT_WORK = ["receiving", "waiting", "reading", "embedding"];
const WAITS = 5; // times that a file waits for room before it is given up

const own = []; // what this page sends: { name, file, state, sent, reason, entryId }
let old = null; // what had ended before this page first looked; it is not shown
let entries = []; // the service's queue
let blockedBy = "";
let trouble = "";
let largest = Infinity; // bytes that a file may have
let generation = null;
let gap = null; // the question that documents are added for
let rate = null; // { at, left }: when something was first seen to be left, to tell how long it takes

const mark = (one) => `${one.entry_id} ${one.changed}`;
const say = (text) => { $("status").textContent = text; };

// Where files are dropped or chosen, and who may read them.
export function intake() {
  const access = el("select", { id: "upload-access" }, ...["public", "internal", "restricted"].map((one) => el("option", { value: one }, t(`access_${one}`))));
  const groups = el("input", { id: "upload-groups", type: "text", hidden: true, placeholder: t("field_groups"), "aria-label": t("field_groups"), autocomplete: "off" });
  access.addEventListener("change", () => { groups.hidden = access.value !== "restricted"; });
  const replaces = el("input", { type: "checkbox", id: "upload-replace" });
  const wish = () => ({ access: access.value, group: access.value === "restricted" ? parts(groups.value) : [], replace: replaces.checked });
  const take = (files) => add(files, wish());
  const chooser = (folder) => {
    const input = el("input", { type: "file", multiple: true, hidden: true, class: folder ? "folder" : "files", webkitdirectory: folder });
    input.addEventListener("change", () => {
      take([...input.files].map((file) => ({ name: file.webkitRelativePath || file.name, file })));
      input.value = "";
    });
    return input;
  };
  const [files, folder] = [chooser(false), chooser(true)];
  const zone = el("div", { class: "drop", id: "drop" }, icon("file"), el("p", {}, t("drop_here")),
    el("div", { class: "ends" },
      el("button", { type: "button", id: "choose-files", onclick: () => files.click() }, t("choose_files")),
      el("button", { type: "button", class: "quiet", onclick: () => folder.click() }, t("choose_folder")), files, folder),
    el("div", { class: "wishes" }, el("label", { for: "upload-access" }, t("upload_access")), access, groups,
      el("label", { class: "collect" }, replaces, t("upload_replace"))));
  target = { zone, take };
  return zone;
}

// A drop beside the place that is drawn for it counts too: a browser would open the file instead.
let target = null;
const takes = (event) => target?.zone.isConnected && event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!takes(event)) return;
  event.preventDefault();
  target.zone.classList.add("over");
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) target?.zone.classList.remove("over"); });
document.addEventListener("drop", async (event) => {
  if (!takes(event)) return;
  event.preventDefault();
  target.zone.classList.remove("over");
  target.take(await dropped(event.dataTransfer));
});

// Read what was dropped, folders with everything in them.
async function dropped({ items, files }) {
  const roots = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!roots.length) return [...files].map((file) => ({ name: file.name, file }));
  return (await Promise.all(roots.map((root) => below(root, "")))).flat();
}

async function below(entry, prefix) {
  const name = prefix + entry.name;
  if (entry.isFile) return [{ name, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) { // a reader gives a folder in parts
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((one) => below(one, `${name}/`)))).flat();
}

// Hidden files and those of other programs come with folders and are no documents.
const isJunk = (name) => name.split("/").some((part) => part.startsWith(".") || part.startsWith("~$") || /^(thumbs\.db|desktop\.ini|__macosx)$/i.test(part));

function add(files, wish) {
  const some = files.filter(({ name }) => !isJunk(name));
  own.push(...some.map(({ name, file }) => ({ name, file, wish, state: "to-send", sent: 0, reason: "", waits: 0 })));
  say(t("uploads_begun", { n: number(some.length) }));
  draw();
  go();
}

function go() {
  while (own.filter((one) => one.state === "sending").length < AT_ONCE) {
    const next = own.find((one) => one.state === "to-send");
    if (!next) return;
    send(next);
  }
}

function send(one) {
  if (one.file.size > largest) return failed(one, t("problem_file-too-large"));
  one.state = "sending";
  const request = new XMLHttpRequest();
  one.request = request;
  const parameters = new URLSearchParams({ name: one.name, access: one.wish.access, replace: one.wish.replace });
  for (const group of one.wish.group) parameters.append("group", group);
  request.open("POST", `/keeping/uploads?${parameters}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  if (token.get()) request.setRequestHeader("Authorization", `Bearer ${token.get()}`);
  request.upload.addEventListener("progress", (event) => { one.sent = event.loaded; drawSoon(); });
  request.addEventListener("load", () => ended(one, request));
  request.addEventListener("error", () => failed(one, t("upload_broke")));
  request.addEventListener("abort", () => { own.splice(own.indexOf(one), 1); go(); draw(); });
  request.send(one.file);
  draw();
}

function ended(one, request) {
  let answer = {};
  try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
  if (request.status === 201) {
    Object.assign(one, { state: "sent", entryId: answer.entry_id, file: null, request: null });
    if (gap) gap.waiting.add(answer.entry_id);
    if (!entries.some((entry) => entry.entry_id === answer.entry_id)) entries.push(answer);
    own.splice(own.indexOf(one), 1);
  } else if (request.status === 429 && one.waits < WAITS) {
    one.waits += 1;
    one.state = "held";
    setTimeout(() => { if (one.state === "held") { one.state = "to-send"; go(); } }, 1000 * (Number(request.getResponseHeader("Retry-After")) || 10));
  } else {
    const name = String(answer.type ?? "").split(":").pop();
    const said = [`refused_${answer.code}`, `problem_${name}`].find((one) => t.has(one));
    failed(one, said ? t(said) : answer.detail ?? t("upload_broke"));
    return;
  }
  draw();
  go();
  hurry();
}

function failed(one, reason) {
  Object.assign(one, { state: "refused", reason, sent: 0, request: null });
  draw();
  go();
}

// -- the list of what is under way --------------------------------------------------------------

export function queue() {
  return el("section", { id: "queue", "aria-label": t("queue") });
}

let drawn = null;
function drawSoon() {
  drawn ??= setTimeout(() => { drawn = null; draw(); }, 250);
}

function draw() {
  const box = $("queue");
  if (!box) return;
  const recent = entries.filter((one) => AT_WORK.includes(one.state) || !old?.has(mark(one)));
  const theirs = recent.filter((one) => one.state !== "receiving");
  const all = [...own.map(ownLine), ...theirs.map(entryLine)];
  const open = box.querySelector("details")?.open ?? true;
  const focused = document.activeElement?.dataset?.key;
  const opened = [...box.querySelectorAll("details[open] > [data-key]")].map((one) => one.dataset.key);
  box.replaceChildren(...(all.length ? [overall(theirs), notices(), el("details", { open }, el("summary", {}, t("queue_n", { n: number(all.length) })),
    el("ol", { class: "queue" }, ...all.slice(-SHOWN).reverse()), all.length > SHOWN && el("p", { class: "remark" }, t("more_n", { n: number(all.length - SHOWN) })))] : []));
  const keyed = (key) => box.querySelector(`[data-key="${CSS.escape(key)}"]`);
  for (const key of opened) keyed(key)?.parentElement.setAttribute("open", "");
  if (focused) keyed(focused)?.focus();
}

// How far all of it is: a file counts half when it was sent, and whole when it was read.
function overall(theirs) {
  const sending = own.filter((one) => one.state !== "refused");
  const done = theirs.filter((one) => !AT_WORK.includes(one.state)).length;
  const total = sending.length + theirs.length;
  const value = done + 0.5 * (theirs.length - done) + sending.reduce((sum, one) => sum + 0.5 * (one.sent / Math.max(one.file?.size ?? 1, 1)), 0);
  if (!total) return "";
  const text = done === total ? t("queue_done", { n: number(done) }) : t("queue_progress", { n: number(done), all: number(total) }) + remaining(total - value);
  return el("div", { class: "overall" }, el("progress", { max: total, value, "aria-label": t("queue_all") }), el("span", {}, text));
}

function remaining(left) {
  if (left < 0.01) { rate = null; return ""; }
  if (!rate || left > rate.last + 0.6) rate = { at: Date.now(), left };
  rate.last = left;
  const seconds = (Date.now() - rate.at) / 1000;
  const done = rate.left - left;
  if (seconds < 3 || done <= 0) return "";
  const more = (seconds / done) * left;
  const [n, unit] = more < 90 ? [Math.max(Math.round(more / 5) * 5, 5), "second"] : [Math.round(more / 60), "minute"];
  return ` · ${t("queue_left", { time: n.toLocaleString(current(), { style: "unit", unit, unitDisplay: "long" }) })}`;
}

function notices() {
  const waits = entries.some((one) => one.state === "waiting");
  return el("div", {}, waits && blockedBy && el("p", { class: "wait" }, t("queue_blocked", { who: blockedBy })),
    waits && trouble && el("p", { class: "wait" }, t("queue_trouble"), " ", el("span", { dir: "auto" }, trouble)));
}

function ownLine(one) {
  const size = one.file?.size ?? 0;
  const share = size ? Math.min(one.sent / size, 1) : 0;
  const key = `own-${own.indexOf(one)}`;
  const cancel = () => { if (one.request) one.request.abort(); else { own.splice(own.indexOf(one), 1); draw(); } };
  return line(one.name, one.state, [
    one.state === "sending" && el("progress", { max: 1, value: share, "aria-label": `${t("sending")} ${one.name}` }),
    one.reason && el("span", { class: "reason", dir: "auto" }, one.reason)],
  [one.state === "refused" && button(t("try_again"), one.name, `${key}-again`, () => { one.state = "to-send"; one.reason = ""; one.waits = 0; go(); draw(); }),
    button(t("cancel"), one.name, `${key}-cancel`, cancel)]);
}

function entryLine(one) {
  const said = one.state === "added" && one.documents > 1 ? t("queue_documents", { n: number(one.documents) }) : "";
  const again = () => act(`/keeping/uploads/${one.entry_id}/again`, "POST");
  const off = () => act(`/keeping/uploads/${one.entry_id}`, "DELETE");
  return line(one.doc_id ? opener({ doc: one.doc_id }, {}, one.file) : one.file, one.state,
    [said, why(one, `${one.entry_id}-why`)],
    [one.state === "failed" && button(t("try_again"), one.file, `${one.entry_id}-again`, again),
      ["waiting", "failed"].includes(one.state) && button(one.state === "waiting" ? t("cancel") : t("take_off"), one.file, `${one.entry_id}-off`, off)]);
}

const button = (label, name, key, onclick) => el("button", { type: "button", class: "plain", "aria-label": `${label}: ${name}`, "data-key": key, onclick }, label);

const line = (name, state, said, doing) => el("li", { class: `entry entry-${state}` },
  el("span", { class: "entry-name", dir: "auto" }, name), el("span", { class: `state ${state}` }, t(`entry_${state}`)),
  el("span", { class: "entry-said" }, ...said), el("span", { class: "entry-do" }, ...doing));

async function act(address, method) {
  try {
    await call(address, { method });
  } catch (error) {
    say(error.message);
  }
  hurry();
}

// -- watching -----------------------------------------------------------------------------------

let timer = null;
let look = null;

// Look soon: something was asked for.
export function hurry() {
  clearTimeout(timer);
  timer = setTimeout(() => look?.(), 200);
}

// Look at the queue for as long as the view stands; onChange is called when the library changed.
export function watchQueue(view, onChange) {
  look = async () => {
    clearTimeout(timer);
    if (!view.isConnected) { look = null; return; }
    try {
      const found = await json("/keeping/uploads");
      const before = new Set(entries.map(mark));
      ({ entries, blocked_by: blockedBy, trouble, file_bytes: largest } = found);
      const ended = entries.filter((one) => !AT_WORK.includes(one.state));
      old ??= new Set(ended.map(mark));
      const endings = ended.filter((one) => !old.has(mark(one)) && !before.has(mark(one)));
      const moved = generation !== null && found.generation !== generation;
      generation = found.generation;
      draw();
      if (endings.length) say(t("queue_ended", { n: number(endings.length) }));
      if (endings.length || moved) await onChange();
      await settleGap();
    } catch (error) {
      if (error.status !== 0) say(error.message);
    }
    if (!view.isConnected) return;
    const busy = own.some((one) => one.state !== "refused") || entries.some((one) => AT_WORK.includes(one.state));
    timer = setTimeout(() => look?.(), busy ? SOON : SELDOM);
  };
  return look();
}

addEventListener("beforeunload", (event) => {
  if (own.some((one) => ["sending", "to-send", "held"].includes(one.state))) event.preventDefault();
});

// -- a question that documents are added for ----------------------------------------------------

export async function forGap(id, signal) {
  if (!id) { gap = null; return ""; }
  const { gaps } = await json("/gaps", signal);
  const found = gaps.find((one) => one.gap_id === id);
  if (!found) return "";
  gap = { ...found, waiting: new Set(), said: el("p", { role: "status" }, t("gap_waits")) };
  return el("div", { class: "notice for-gap" }, el("p", {}, t("gap_for"), " ", el("q", { dir: "auto" }, found.question || t("question_not_kept"))), gap.said);
}

async function settleGap() {
  const done = entries.find((one) => gap?.waiting.has(one.entry_id) && ["added", "replaced", "duplicate", "unchanged"].includes(one.state));
  if (!done) return;
  const settled = gap;
  gap.waiting.clear();
  await call(`/gaps/${encodeURIComponent(settled.gap_id)}`, { method: "PATCH", body: { state: "document added", note: settled.note || done.file } });
  settled.said.replaceChildren(t("gap_settled"), " ",
    settled.question ? opener({ list: "", gap: "", questions: [settled.question] }, {}, t("gap_ask")) : "");
}
