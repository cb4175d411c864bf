// The dashboard without this file is whole; with it, filters act at once, tables sort, charts tell their values and
// news arrive.
import { charts } from "./charts.js";
import { listen } from "./live.js";
import { sortable } from "./sort.js";

document.documentElement.classList.add("js");

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-acts]");
  if (form) form.requestSubmit();
});

function prepare() {
  sortable(document);
  charts(document);
}

prepare();
listen(prepare);
