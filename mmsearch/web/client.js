// Talking to the server: the token, problems, and an answer as it arrives.

const KEY = "mmsearch-token";

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

// What went wrong, in a sentence for a person.
export class Problem extends Error {
  constructor(status, detail, requestId) {
    super(detail);
    this.status = status;
    this.requestId = requestId;
  }
}

export async function get(address, signal) {
  const headers = {};
  if (token.get()) headers.Authorization = `Bearer ${token.get()}`;
  let response;
  try {
    response = await fetch(address, { headers, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "The library cannot be reached. Is the service running?");
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response) {
  const id = response.headers.get("X-Request-ID");
  try {
    return new Problem(response.status, (await response.json()).detail, id);
  } catch {
    return new Problem(response.status, "The library gave no answer that can be read.", id);
  }
}

// Ask a question; calls on[event](data) for each event, and throws a Problem where it fails.
export async function ask(question, on, signal) {
  const response = await get(`/ask/stream?q=${encodeURIComponent(question)}`, signal);
  let ended = false;
  for await (const [name, data] of events(response.body)) {
    if (name === "problem") throw new Problem(data.status, data.detail, data.request_id);
    if (name === "done") ended = true;
    on[name]?.(data);
  }
  if (!ended) throw new Problem(0, "The answer broke off. Ask again.");
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
