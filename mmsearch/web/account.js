// Who is reading: the token, kept until the tab is closed.

import { json, token } from "./client.js";
import { $ } from "./dom.js";
import { number, t } from "./words.js";

export function askForToken(why = "") {
  $("token-why").textContent = why || t("token_why");
  $("token-form").hidden = false;
  $("token").focus();
}

export function hideToken() {
  $("token-form").hidden = true;
}

// Say what the library holds for this reader; returns what the service says of itself.
export async function greet() {
  $("forget-token").hidden = !token.get();
  $("use-token").hidden = true;
  $("holds").textContent = "";
  $("who").textContent = "";
  try {
    const health = await json("/health");
    const { documents, passages, caller } = health;
    if (documents !== undefined) $("holds").textContent = t("holds", { documents: number(documents), passages: number(passages) });
    if (caller === "anonymous") $("who").textContent = documents === undefined ? t("token_needed") : t("reads_public");
    $("use-token").hidden = caller !== "anonymous";
    $("to-gaps").hidden = caller !== "keeper";
    document.body.classList.toggle("keeper", caller === "keeper");
    return health;
  } catch (error) {
    if (error.status === 401) askForToken(error.message);
    else $("who").textContent = error.message;
    return null;
  }
}

export function onToken(changed) {
  $("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    token.set($("token").value.trim());
    $("token").value = "";
    hideToken();
    changed();
  });
  $("use-token").addEventListener("click", () => askForToken());
  $("forget-token").addEventListener("click", () => {
    token.forget();
    changed();
  });
}
