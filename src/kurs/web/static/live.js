// When the plan, the journal or the data change, the content is fetched anew and put in place of the old:
// what has the focus, what is open and where the page stands are kept.

const parser = new DOMParser();

async function refresh(done) {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-cache" });
  if (!answer.ok) return;
  const fresh = parser.parseFromString(await answer.text(), "text/html");
  for (const part of ["banner", "main", "pagefoot"]) replace(document.getElementById(part), fresh.getElementById(part));
  document.body.dataset.version = fresh.body.dataset.version;
  document.title = fresh.title;
  done();
}

function replace(old, fresh) {
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  const focused = old.contains(document.activeElement) ? pathTo(document.activeElement, old) : null;
  const open = [...old.querySelectorAll("[id] details[open]")].map((one) => one.closest("[id]").id);
  const [x, y] = [scrollX, scrollY];
  old.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
  if (focused) old.querySelector(focused)?.focus({ preventScroll: true });
  scrollTo(x, y);
}

// The nearest ancestor with an id, then the places of the children below it.
function pathTo(element, within) {
  const steps = [];
  for (let one = element; one && one !== within; one = one.parentElement) {
    if (one.id) {
      steps.unshift(`#${CSS.escape(one.id)}`);
      break;
    }
    steps.unshift(`${one.localName}:nth-child(${[...one.parentElement.children].indexOf(one) + 1})`);
  }
  return steps.join(" > ");
}

export function listen(done) {
  const news = new EventSource("/events");
  news.addEventListener("version", (event) => {
    if (event.data !== document.body.dataset.version) refresh(done).catch(() => {});
  });
  addEventListener("pagehide", () => news.close());
}
