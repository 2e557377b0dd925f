// Packs: what somebody collects. The service keeps them; this browser keeps the keys to its own.

import { addressOf, go, nothingOpen, read } from "./address.js";
import { call, download } from "./client.js";
import { $, el, flowing, icon, tool } from "./dom.js";
import { meta, opener } from "./passages.js";
import { current, number, t } from "./words.js";

const KEPT = "mmsearch-packs"; // [{ id, key, name }], the one that is collected into first
const FORMS = { docx: "Word", pdf: "PDF", pptx: "PowerPoint", md: "Markdown" };
const PAUSE = 600; // milliseconds after the last key before a text is kept
let pack = null; // the pack that is collected into, as the service has it
let working = Promise.resolve(); // changes follow one another

const own = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
const remember = (all) => (all.length ? localStorage.setItem(KEPT, JSON.stringify(all)) : localStorage.removeItem(KEPT));
const keyOf = (id) => own().find((one) => one.id === id)?.key ?? "";
const headers = (id) => (keyOf(id) ? { "X-Pack-Key": keyOf(id) } : {});
const path = (id) => `/packs/${encodeURIComponent(id)}`;
const fetched = async (id, signal) => (await call(path(id), { headers: headers(id), signal })).json();
const span = (one) => `${one.doc_id} ${one.collected_at ?? one.start}`;

// Read the pack that is collected into, if there is one.
export async function beginPacks() {
  const [first] = own();
  try {
    pack = first ? await fetched(first.id) : null;
  } catch (error) {
    pack = null;
    if (error.status === 404) remember(own().slice(1)); // it was deleted elsewhere
  }
  count();
}

function count() {
  $("pack-count").textContent = pack ? ` (${number(pack.snippets.length)})` : "";
  $("open-pack").href = pack ? addressOf({ ...nothingOpen, pack: pack.pack_id }) : "#";
  $("open-pack").hidden = !pack;
  for (const box of document.querySelectorAll("input[data-span]")) box.checked = has(box.dataset.span);
}

const has = (wanted) => Boolean(pack?.snippets.some((one) => span(one) === wanted));

// A box to tick at a passage or a source.
export function collectBox(one, question) {
  const box = el("input", { type: "checkbox", name: "collect", "data-span": span(one), checked: has(span(one)), onchange: () => tick(box, one, question) });
  return el("label", { class: "collect" }, box, el("span", {}, t("collect")));
}

export function collectAll(all, question) {
  return el("button", { type: "button", class: "quiet small", onclick: () => change(({ snippets }) => [
    ...snippets, ...all.filter((one) => !has(span(one))).map((one) => fresh(one, question))]) }, icon("pack"), t("collect_answer"));
}

const fresh = ({ doc_id, start, end }, question) => ({ doc_id, start, end, question });
const held = ({ snippet_id, note }) => ({ snippet_id, note });

function tick(box, one, question) {
  change(({ snippets }) => (box.checked
    ? [...snippets, fresh(one, question)]
    : snippets.filter((kept) => span(kept) !== span(one))));
}

// Change the pack that is collected into; the first tick makes one.
function change(next, more = {}) {
  working = working.then(async () => {
    try {
      pack = pack ? await kept(pack, next(pack), more) : await made(next({ snippets: [] }));
      say(t("kept"));
    } catch (error) {
      say(error.message);
      if (error.status === 409) pack = await fetched(pack.pack_id);
      if (error.status === 404 || error.status === 403) await beginPacks();
    }
    count();
  });
  return working;
}

async function kept(before, snippets, more) {
  const body = { name: before.name, note: before.note, ...more, revision: before.revision, snippets: snippets.map((one) => (one.snippet_id ? held(one) : one)) };
  const response = await call(path(before.pack_id), { method: "PUT", headers: headers(before.pack_id), body });
  return response.json();
}

async function made(snippets, name = "", note = "") {
  const response = await call("/packs", { method: "POST", body: { name: name || t("pack_of", { date: new Date().toLocaleDateString(current()) }), note, snippets } });
  const { key, ...rest } = await response.json();
  remember([{ id: rest.pack_id, key, name: rest.name }, ...own()]);
  return rest;
}

const say = (text) => { $("status").textContent = text; };

// The view of one pack: for its owner to work on, for everybody else to read.
export async function showPack(id, signal) {
  let shown = await fetched(id, signal);
  if (shown.editable) {
    pack = shown;
    remember([...own().filter((one) => one.id === id), ...own().filter((one) => one.id !== id)]);
  }
  const section = el("section", { class: "pack", "aria-label": t("pack") });
  $("result").append(section);
  document.title = `${shown.name || t("pack")} – ${t("title")}`;
  draw();

  function draw() {
    section.replaceChildren(head(), exports(), list(), ends());
    count();
  }

  function update(next, more = {}) {
    return change(() => next, more).then(() => { shown = pack; });
  }

  function head() {
    if (!shown.editable) return el("div", {}, el("h2", { class: "name", dir: "auto" }, shown.name || t("pack")), shown.note && el("p", { dir: "auto", class: "pack-note" }, shown.note));
    const name = el("input", { type: "text", name: "name", class: "name", maxlength: 200, dir: "auto", value: shown.name, "aria-label": t("pack_name") });
    const note = el("textarea", { name: "note", maxlength: 4000, dir: "auto", rows: 2, placeholder: t("pack_note"), "aria-label": t("pack_note") }, shown.note);
    after(name, () => update(shown.snippets, { name: name.value, note: note.value }).then(rename));
    after(note, () => update(shown.snippets, { name: name.value, note: note.value }));
    return el("div", { class: "pack-head" }, el("h2", { class: "unseen" }, t("pack")), name, note);
  }

  function rename() {
    remember(own().map((one) => (one.id === shown.pack_id ? { ...one, name: shown.name } : one)));
  }

  function exports() {
    const buttons = Object.entries(FORMS).map(([form, name]) => el("button", {
      type: "button", class: "quiet small", "data-form": form,
      onclick: () => download(`${path(id)}/export?as=${form}&language=${current()}`, `${shown.name || t("pack")}.${form}`).catch((error) => say(error.message)),
    }, name));
    const copy = el("button", { type: "button", class: "quiet small", onclick: async () => {
      await navigator.clipboard.writeText(new URL(addressOf({ ...read(""), ...nothingOpen, pack: id }), location.href).href);
      copy.textContent = t("copied");
    } }, t("copy_link"));
    return el("div", { class: "exports" }, el("span", {}, t("export_as")), ...buttons, copy);
  }

  function list() {
    if (!shown.snippets.length) return el("p", { class: "remark" }, t("pack_empty"));
    return el("ol", { class: "snippets" }, ...shown.snippets.map((one, at) => snippet(one, at)));
  }

  function snippet(one, at) {
    const where = one.state === "changed" || one.state === "unavailable" ? { doc: one.doc_id } : { doc: one.doc_id, start: one.start, end: one.end };
    return el("li", { class: "passage" },
      one.question && el("p", { class: "path", dir: "auto" }, one.question),
      one.title ? el("h3", { dir: "auto" }, opener(where, {}, one.title)) : false,
      one.title && meta(one),
      one.state !== "same" && el("p", { class: "newer" }, t(`source_${one.state}`)),
      one.quote && el("blockquote", { dir: "auto" }, flowing(one.quote)),
      shown.editable ? edits(one, at) : one.note && el("p", { dir: "auto", class: "pack-note" }, one.note));
  }

  function edits(one, at) {
    const note = el("textarea", { name: "note", rows: 1, maxlength: 2000, dir: "auto", placeholder: t("snippet_note"), "aria-label": t("snippet_note") }, one.note);
    after(note, () => update(shown.snippets.map((other) => (other.snippet_id === one.snippet_id ? { ...other, note: note.value } : other))));
    const moved = (by) => {
      const next = [...shown.snippets];
      next.splice(at + by, 0, ...next.splice(at, 1));
      return update(next).then(() => { draw(); section.querySelectorAll(".snippets > li")[at + by]?.querySelector(by < 0 ? ".moves button" : ".moves button:nth-child(2)")?.focus(); });
    };
    return el("div", { class: "edits" }, note, el("span", { class: "moves" },
      tool("up", t("move_up"), () => moved(-1), { disabled: at === 0 }),
      tool("down", t("move_down"), () => moved(1), { disabled: at === shown.snippets.length - 1 }),
      tool("close", t("remove"), () => update(shown.snippets.filter((other) => other !== one)).then(draw))));
  }

  function ends() {
    const others = own().filter((one) => one.id !== id);
    return el("div", { class: "ends" },
      !shown.editable && el("button", { type: "button", class: "quiet", onclick: copyPack }, t("copy_pack")),
      shown.editable && el("button", { type: "button", class: "quiet small", onclick: newPack }, t("new_pack")),
      shown.editable && el("button", { type: "button", class: "quiet small", onclick: deletePack }, t("delete_pack")),
      others.length > 0 && el("div", {}, el("h2", {}, t("other_packs")),
        el("ul", {}, ...others.map((one) => el("li", { dir: "auto" }, el("a", { href: addressOf({ ...nothingOpen, pack: one.id }), onclick: (event) => { event.preventDefault(); go({ ...nothingOpen, pack: one.id }); } }, one.name || t("pack")))))));
  }

  async function copyPack() {
    try {
      const readable = shown.snippets.filter((one) => one.state === "same" || one.state === "moved");
      pack = await made(readable.map((one) => ({ ...fresh(one, one.question), note: one.note })), shown.name, shown.note);
      go({ ...nothingOpen, pack: pack.pack_id });
    } catch (error) {
      say(error.message);
    }
  }

  async function newPack() {
    pack = await made([]);
    go({ ...nothingOpen, pack: pack.pack_id });
  }

  async function deletePack(event) {
    const button = event.currentTarget;
    if (button.dataset.sure === undefined) { // asks once, in place
      button.dataset.sure = "";
      button.textContent = t("delete_sure");
      return;
    }
    await call(path(id), { method: "DELETE", headers: headers(id) });
    remember(own().filter((one) => one.id !== id));
    await beginPacks();
    go(read(""));
  }
}

function after(field, action) {
  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(action, PAUSE);
  });
  field.addEventListener("change", () => { clearTimeout(waiting); action(); });
}

