// Distressing words are met one at a time and on purpose: whoever leaves the page finds them closed on coming back.

document.addEventListener("touchstart", () => {}, { passive: true }); // so that a held button is :active on iOS

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const veiled of document.querySelectorAll("details:has(.veil)[open]")) veiled.open = false;
});
