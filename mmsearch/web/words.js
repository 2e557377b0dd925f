// What the page itself says, in the reader's language.

export const LANGUAGES = { en: "English", fr: "Français", es: "Español", ar: "العربية", ru: "Русский" };
const KEY = "mmsearch-language";
const RIGHT_TO_LEFT = new Set(["ar"]);
let words = {};
let language = "en";

// Say something: t("pages_of", { n: 3, all: 12 }). Counts stand beside a word, never inside it.
export function t(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}
t.has = (name) => name in words;

export const current = () => language;
export const number = (n) => n.toLocaleString(language);
export const percent = (n) => n.toLocaleString(language, { style: "percent" });
export const day = (iso) => new Date(iso).toLocaleDateString(language, { dateStyle: "medium" });

function wanted() {
  const asked = [localStorage.getItem(KEY), ...navigator.languages].filter(Boolean);
  return asked.map((tag) => tag.slice(0, 2).toLowerCase()).find((code) => code in LANGUAGES) ?? "en";
}

export async function speak(code = wanted()) {
  words = await fetched(`words-${code}`);
  learned.clear();
  language = code;
  document.documentElement.lang = code;
  document.documentElement.dir = RIGHT_TO_LEFT.has(code) ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-hint]")) node.placeholder = t(node.dataset.tHint);
}

const learned = new Set(); // views whose own words are known, in this language

// Learn the words of a view that few people open; they are no part of the first load.
export async function learn(view) {
  const name = `${view}-${language}`;
  if (learned.has(name)) return;
  words = { ...words, ...(await fetched(name)) };
  learned.add(name);
}

const fetched = async (name) => (await fetch(new URL(`${name}.json`, import.meta.url))).json();

export function choose(code) {
  localStorage.setItem(KEY, code);
  return speak(code);
}

// The name of a language in the reader's own.
export function languageName(code) {
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(code);
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return code;
  }
}

let regions = null; // code by English name

// The library has English names of countries; the browser knows them in every language.
function countryName(name) {
  if (language === "en") return name;
  regions ??= englishRegions();
  const code = regions.get(name);
  return code ? new Intl.DisplayNames([language], { type: "region" }).of(code) : name;
}

function englishRegions() {
  const english = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  return new Map(CODES.map((code) => [english.of(code), code]));
}

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));

// The name of a value of a facet; what we have no word for stands as it is.
export function valueName(facet, value) {
  if (facet === "language") return languageName(value);
  if (facet === "country") return countryName(value);
  const name = `${facet}_${value.replaceAll(" ", "_")}`;
  return t.has(name) ? t(name) : value;
}

// Where something stands: "p. 4 (iv)", "slide 3", "rows 2–5".
export function placeName({ page, page_label: label, locator }) {
  if (!page && !locator) return "";
  const parts = page ? [t("page_n", { n: label && label !== String(page) ? `${page} (${label})` : page })] : [];
  const { unit, first, last, sheet } = locator ?? { unit: "page" };
  if (sheet) parts.push(t("sheet_n", { n: sheet }));
  if (unit !== "page" || !page) {
    const span = first === last ? first : `${first}–${last}`;
    parts.push(t.has(`unit_${unit}`) ? t(`unit_${unit}`, { n: span }) : `${unit} ${span}`);
  }
  return parts.join(", ");
}
