// What is shown stands in the address, so that back, reload and a colleague's link show it again.
//
// q (the last is the question, those before it the conversation), the filters, doc with passage or
// start and end and page, list=documents, gap (a question that a document is added for), pack.

export const FACETS = ["country", "kind", "evidence", "year", "language", "publisher"];
const YEARS = ["year_from", "year_to"];
const TARGET = ["doc", "passage", "start", "end", "page"];
const listeners = [];

export function read(search = location.search) {
  const given = new URLSearchParams(search);
  const state = { questions: given.getAll("q").map((q) => q.trim()).filter(Boolean), filters: {} };
  for (const name of FACETS) state.filters[name] = given.getAll(name);
  for (const name of [...YEARS]) state.filters[name] = whole(given.get(name));
  for (const name of ["doc", "passage", "pack", "list", "gap"]) state[name] = given.get(name) ?? "";
  for (const name of ["start", "end", "page"]) state[name] = whole(given.get(name));
  return state;
}

const whole = (text) => (/^\d{1,9}$/.test(text ?? "") ? Number(text) : null);

export function write(state) {
  const parts = new URLSearchParams();
  for (const question of state.questions) parts.append("q", question);
  addFilters(parts, state.filters);
  for (const name of ["list", "gap", "pack", ...TARGET]) {
    if (state[name] !== "" && state[name] !== null && state[name] !== undefined) parts.append(name, state[name]);
  }
  const text = parts.toString();
  return text ? `/?${text}` : "/";
}

export function addFilters(parts, filters) {
  for (const name of FACETS) for (const value of filters[name]) parts.append(name, value);
  for (const name of YEARS) if (filters[name] !== null) parts.append(name, filters[name]);
  return parts;
}

export const countFilters = (filters) =>
  FACETS.reduce((n, name) => n + filters[name].length, 0) + YEARS.filter((name) => filters[name] !== null).length;

export const noFilters = () => read("").filters;
export const nothingOpen = { doc: "", passage: "", start: null, end: null, page: null };

// Show something else; with replace, the step before it cannot be gone back to.
export function go(change, { replace = false } = {}) {
  const before = read();
  const next = { ...before, ...change };
  const address = write(next);
  if (address !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", address);
  listeners.forEach((listener) => listener(next, before));
}

export const onChange = (listener) => listeners.push(listener);

// The address of something, for a real link that a click follows in place.
export const addressOf = (change) => write({ ...read(), ...change });
