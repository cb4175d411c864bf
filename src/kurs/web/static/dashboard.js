// The dashboard without this file is whole; with it, filters act at once, tables sort and news arrive.
import { listen } from "./live.js";
import { sortable } from "./sort.js";

document.documentElement.classList.add("js");

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-acts]");
  if (form) form.requestSubmit();
});

sortable(document);
listen(() => sortable(document));
