// The command palette: Ctrl-K or Cmd-K, or its button. It offers what the page links to and can do, nothing else.

const dialog = document.querySelector("#palette");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
let shown = [];
let at = 0;

function commands() {
  const found = new Map();
  for (const one of document.querySelectorAll("nav a[href], [data-command]")) {
    const name = (one.dataset.command || one.textContent).trim().replace(/\s+/g, " ");
    if (name && !found.has(name)) found.set(name, one);
  }
  return [...found].map(([name, one]) => ({ name, run: () => one.click() }));
}

function caseOf(text) {
  const id = /^c-[0-9a-z]{1,20}$/i.exec(text.trim());
  if (!id || !dialog.dataset.caseUrl) return [];
  const name = id[0].toUpperCase();
  return [{ name, run: () => location.assign(dialog.dataset.caseUrl.replace("CASE", encodeURIComponent(name))) }];
}

function draw() {
  const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fitting = commands().filter(({ name }) => words.every((word) => name.toLocaleLowerCase().includes(word)));
  shown = [...caseOf(field.value), ...fitting].slice(0, 12);
  at = Math.min(at, Math.max(shown.length - 1, 0));
  list.replaceChildren(
    ...shown.map(({ name }, place) => {
      const item = document.createElement("li");
      item.id = `command-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(place === at));
      item.textContent = name;
      item.addEventListener("click", () => choose(place));
      return item;
    }),
  );
  field.setAttribute("aria-expanded", String(shown.length > 0));
  field.setAttribute("aria-activedescendant", shown.length ? `command-${at}` : "");
  dialog.querySelector("[data-none]").hidden = shown.length > 0;
}

function choose(place) {
  const command = shown[place];
  dialog.close();
  command?.run();
}

function open() {
  if (dialog.open) return;
  field.value = "";
  at = 0;
  dialog.showModal();
  draw();
  field.focus();
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  for (const button of document.querySelectorAll("[data-palette]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  field.addEventListener("input", () => {
    at = 0;
    draw();
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && shown.length) {
      event.preventDefault();
      at = (at + step + shown.length) % shown.length;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(at);
    }
  });
}
