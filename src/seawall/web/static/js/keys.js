// Keys: every case is decided in at most four. They never fire inside a field, nor with Ctrl, Alt or Meta.

const FIELD = "input, textarea, select, [contenteditable]";
const NATIVE = "a, button, summary, [role=button]";
const OFF = "seawall.keys.off";

const all = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length);
const first = (selector) => all(selector)[0];
const form = () => document.querySelector("form[data-decide]");

function say(text) {
  const place = document.querySelector("[data-said]");
  if (place) place.textContent = text;
}

function told(name) {
  return document.querySelector("#keys")?.dataset[name] ?? "";
}

function handle(row) {
  return row?.matches("a, summary, button") ? row : row?.querySelector("a, summary, button");
}

function move(step) {
  const rows = all("[data-row]");
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  handle(rows[next])?.focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function current() {
  const rows = all("[data-row]");
  return rows.find((row) => row.contains(document.activeElement)) ?? rows[0];
}

function chooseOutcome(key) {
  const radio = form()?.querySelector(`[data-key="${key}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  const reasons = form().querySelectorAll(`[name="picked-${radio.value}"]`).length;
  say(`${radio.dataset.label}. ${told("pick").replace("9", reasons)}`);
}

function pickReason(digit) {
  const outcome = form()?.querySelector("[data-key]:checked");
  if (!outcome) return say(told("first"));
  const radio = form().querySelector(`[name="picked-${outcome.value}"][value="${digit}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  say(`${radio.dataset.label} ${told("enter")}`);
}

function decide() {
  const outcome = form()?.querySelector("[data-key]:checked");
  if (!outcome) return say(told("first"));
  const picked = form().querySelector(`[name="picked-${outcome.value}"]:checked`);
  if (!picked && !form().querySelector("[name=reason]").value.trim()) return say(told("reason"));
  form().requestSubmit(form().querySelector("[name=go][value=next]"));
}

const press = (selector) => () => first(selector)?.click();
const focus = (selector) => () => first(selector)?.focus();

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => handle(current())?.click(),
  x: () => current()?.querySelector("input[type=checkbox]")?.click(),
  u: press("[data-undo]"),
  t: press("[data-take]"),
  n: press("[data-next]"),
  r: focus("form[data-decide] [name=reason]"),
  "/": focus("[data-search]"),
  "?": () => document.querySelector("#keys")?.showModal(),
};

function act(event) {
  const { key } = event;
  if (key === "Enter") {
    if (event.target.closest(NATIVE) || !form()) return false;
    decide();
  } else if (form() && /^[a-e]$/.test(key)) chooseOutcome(key);
  else if (form() && /^[1-9]$/.test(key)) pickReason(key);
  else if (ACTS[key]) ACTS[key]();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.(FIELD);
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (document.querySelector("dialog[open]") || (localStorage.getItem(OFF) && event.key !== "?")) return;
  if (act(event)) event.preventDefault();
});

const off = document.querySelector("#keys [data-keys-off]");
if (off) {
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
}
for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.opens)?.showModal());
}
for (const bar of document.querySelectorAll("[data-undo-seconds]")) {
  let left = Number(bar.dataset.undoSeconds);
  const shown = bar.querySelector("[data-left]");
  const clock = setInterval(() => {
    left -= 1;
    if (shown) shown.textContent = String(Math.max(left, 0));
    if (left > 0) return;
    clearInterval(clock);
    bar.querySelector("form")?.remove();
  }, 1000);
}
