// Tables that can be sorted by a column, for the rows of this page; and the button that copies a text.

const numbers = new Intl.Collator(undefined, { numeric: true });

function valueOf(row, column) {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
}

function sort(table, column, head) {
  const body = table.tBodies[0];
  const down = head.getAttribute("aria-sort") === "ascending";
  const rows = [...body.rows].sort((one, other) => numbers.compare(valueOf(one, column), valueOf(other, column)));
  body.append(...(down ? rows.reverse() : rows));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, column, head));
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      return;
    }
    button.textContent = button.dataset.copied;
  });
}
