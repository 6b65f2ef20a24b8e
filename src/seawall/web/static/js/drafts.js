// The server keeps half-written words every few seconds; where it cannot, the page says so beside the field.

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches?.("[data-keeps]")) return;
  const unkept = document.querySelector("[data-unkept]");
  if (unkept) unkept.hidden = event.detail.successful;
  if (!event.detail.successful) event.target.textContent = "";
});
