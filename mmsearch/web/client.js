// Talking to the service: the token, problems, and an answer as it arrives.

import { t } from "./words.js";

const KEY = "mmsearch-token";

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

// What went wrong, in a sentence for a person.
export class Problem extends Error {
  constructor(status, name, detail, requestId, errors = []) {
    super(t.has(`problem_${name}`) ? t(`problem_${name}`) : detail);
    this.status = status;
    this.kind = name;
    this.requestId = requestId;
    this.errors = errors; // which fields are wrong, where the service says so
  }
}

export async function call(address, { method = "GET", body, headers = {}, signal } = {}) {
  const sent = { ...headers };
  if (token.get()) sent.Authorization = `Bearer ${token.get()}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(address, { method, headers: sent, signal, body: body && JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", "");
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

export const get = (address, signal) => call(address, { signal });
export const json = async (address, signal) => (await get(address, signal)).json();

async function problemOf(response) {
  const id = response.headers.get("X-Request-ID");
  try {
    const { type, detail, errors } = await response.json();
    return new Problem(response.status, type.split(":").pop(), detail, id, errors);
  } catch {
    return new Problem(response.status, "unreadable", "", id);
  }
}

// Ask a question; calls on[event](data) for each event, and throws a Problem where it fails.
export async function ask(parameters, on, signal) {
  const response = await get(`/ask/stream?${parameters}`, signal);
  let ended = false;
  for await (const [name, data] of events(response.body)) {
    if (name === "problem") throw new Problem(data.status, data.type.split(":").pop(), data.detail, data.request_id);
    if (name === "done") ended = true;
    on[name]?.(data);
  }
  if (!ended) throw new Problem(0, "broken", "");
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const fields = Object.fromEntries(part.split("\n").map((line) => {
        const at = line.indexOf(": ");
        return [line.slice(0, at), line.slice(at + 2)];
      }));
      if (fields.event) yield [fields.event, JSON.parse(fields.data)];
    }
  }
}

export const documentPath = (id) => `/documents/${encodeURIComponent(id)}`;

// Fetch a file and hand it to the browser as a download: a plain link carries no token.
export async function download(address, name) {
  const url = URL.createObjectURL(await (await get(address)).blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
