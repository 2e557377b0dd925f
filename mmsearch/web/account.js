// Who is reading: an account of their organisation, or a token that is kept until the tab is closed.

import { call, json, token } from "./client.js";
import { $ } from "./dom.js";
import { number, t } from "./words.js";

let ended = ""; // how a sign-in ended that brought somebody back without letting them in

export function askForToken(why = "") {
  $("token-why").textContent = why || ended || t("token_needed");
  $("token-form").hidden = false;
  ($("by-account").hidden ? $("token") : $("by-account").querySelector("a")).focus();
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
    showAccount(health);
    if (documents !== undefined) $("holds").textContent = t("holds", { documents: number(documents), passages: number(passages) });
    if (caller === "anonymous") $("who").textContent = documents === undefined ? t("token_needed") : t("reads_public");
    $("use-token").hidden = caller !== "anonymous";
    for (const id of ["to-library", "to-gaps", "to-figures"]) $(id).hidden = caller !== "keeper";
    document.body.classList.toggle("keeper", caller === "keeper");
    if (ended) askForToken();
    return health;
  } catch (error) {
    if (error.status === 401) askForToken(error.message);
    else $("who").textContent = error.message;
    return null;
  }
}

// The corner: signing in where the service has that, or who is signed in.
function showAccount({ sign_in: signIn, name }) {
  const inside = name !== undefined;
  $("sign-in").hidden = !signIn || inside || Boolean(token.get());
  $("by-account").hidden = !signIn || inside;
  $("account").textContent = name ?? "";
  $("account").hidden = !name;
  $("sign-out").hidden = !inside;
}

// Read from the address how a sign-in ended; it is told once.
export function signInEnded() {
  const address = new URL(location.href);
  const how = `signin_${address.searchParams.get("signin")}`;
  if (!t.has(how)) return;
  ended = t(how);
  address.searchParams.delete("signin");
  history.replaceState(null, "", address);
}

async function signOut() {
  try {
    const { next } = await (await call("/signout", { method: "POST" })).json();
    location.assign(next);
  } catch (error) {
    $("status").textContent = error.message;
  }
}

export function onToken(changed) {
  $("sign-out").addEventListener("click", signOut);
  for (const link of document.querySelectorAll("a.sign-in")) {
    link.addEventListener("click", () => {
      link.href = `/signin?${new URLSearchParams({ next: location.pathname + location.search })}`;
    });
  }
  $("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ended = "";
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
