// What every page does with scripts: forms sent by htmx carry the session's token, and nobody is signed out unwarned.
import { warnBeforeIdle } from "./idle.js";

const { csrf, idleSeconds, stay } = document.body.dataset;

document.addEventListener("htmx:configRequest", (event) => {
  if (csrf && event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = csrf;
});

// An answer that says what is wrong is shown where the answer would have stood.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if (status === 409 || status === 422 || status === 404) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

if (csrf) warnBeforeIdle(Number(idleSeconds), stay, csrf);
