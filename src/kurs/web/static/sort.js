// Tables of class "sortable": a button in each heading. Numbers sort by data-raw, texts by the reader's language.

export function sortable(root) {
  for (const table of root.querySelectorAll("table.sortable:not([data-ready])")) {
    table.dataset.ready = "";
    table.querySelectorAll("thead th").forEach((heading, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading, place));
    });
  }
}

function sort(table, heading, place) {
  const descending = heading.getAttribute("aria-sort") !== "descending";
  for (const other of table.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const texts = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const value = (row) => {
    const cell = row.cells[place];
    return cell.dataset.raw === undefined ? cell.textContent.trim() : Number(cell.dataset.raw);
  };
  const rows = [...table.tBodies[0].rows].map((row, at) => ({ row, at, value: value(row) }));
  rows.sort((a, b) => {
    const [an, bn] = [typeof a.value === "number", typeof b.value === "number"];
    if (an !== bn) return an ? -1 : 1; // what has no number comes last, whichever way
    const order = an ? a.value - b.value : texts.compare(a.value, b.value);
    return (descending ? -order : order) || a.at - b.at;
  });
  table.tBodies[0].append(...rows.map((one) => one.row));
}
