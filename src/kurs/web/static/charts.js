// A chart is a picture first. Once it is in sight, the same specification is drawn here, in the same place and size;
// then the pointer finds the nearest day, and arrow keys go from day to day. All texts come written from the server.

const NEAR = "near"; // as in kurs/report/charts/stops.py
const QUIET = 1; // Vega's level of errors

let library = null;

function load(address) {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.vegaEmbed);
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting)) {
    seen.unobserve(entry.target);
    draw(entry.target).catch(() => {}); // the picture stays as it is
  }
}, { rootMargin: "200px" });

export function charts(root) {
  const drawn = () => {
    for (const figure of root.querySelectorAll("figure.chart:has(script.spec):not([data-ready])")) {
      figure.dataset.ready = "";
      seen.observe(figure);
    }
  };
  if (document.readyState === "complete") drawn();
  else addEventListener("load", drawn, { once: true });
}

async function draw(figure) {
  const data = figure.querySelector("script.spec");
  const embed = await load(data.dataset.library);
  const spec = JSON.parse(data.textContent);
  const holder = figure.querySelector(".picture");
  const box = document.createElement("div");
  const options = { ast: true, renderer: "svg", actions: false, defaultStyle: false, hover: false, logLevel: QUIET, tooltip: () => {} };
  const { view } = await embed(box, { ...spec, ...sizeOf(holder) }, options);
  holder.firstElementChild.replaceChildren(box);
  figure.dataset.drawn = "";
  reach(figure, holder, view, spec.layer.find((one) => one.name === NEAR), spec.datasets[NEAR]);
  fit(holder, view);
}

// As wide as the picture, or as there is room; as high as the picture.
function sizeOf(holder) {
  const { width, height } = holder.querySelector("svg").getBoundingClientRect();
  return { width: Math.min(Math.round(width), holder.clientWidth), height: Math.round(height), autosize: { type: "fit", contains: "padding" } };
}

function fit(holder, view) {
  const natural = view.width();
  new ResizeObserver(() => {
    const width = Math.min(natural, holder.clientWidth);
    if (width && width !== view.width()) view.width(width).runAsync();
  }).observe(holder);
}

// Vega tells the place that is chosen, be it by the pointer or by a key; the tip says what is there.
function reach(figure, holder, view, layer, rows) {
  const field = view.signal(`${NEAR}_tuple_fields`)[0].field;
  const said = layer.encoding.tooltip;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the slider's own text says the same
  figure.append(tip);
  let at = rows.findLastIndex((row) => row.value !== null);
  if (at < 0) at = rows.length - 1;

  function lines(row) {
    return said.map((one, place) => [place ? one.title : "", row[one.field]]).filter(([, text]) => text);
  }

  function tell() {
    const row = rows[at];
    holder.setAttribute("aria-valuenow", at);
    holder.setAttribute("aria-valuetext", lines(row).map(([name, text]) => (name ? `${name}: ${text}` : text)).join("; "));
  }

  function show() {
    const row = rows[at];
    tip.replaceChildren(...lines(row).map(([name, text]) => line(name, text)));
    tip.hidden = false;
    const scale = view.scale("x");
    const x = scale(row[field]) + (scale.bandwidth ? scale.bandwidth() / 2 : 0) + view.origin()[0];
    const [inner, outer] = [holder.querySelector("svg").getBoundingClientRect(), figure.getBoundingClientRect()];
    const left = inner.left - outer.left + x;
    const before = left - tip.offsetWidth - 12;
    const place = before < 4 ? Math.min(left + 12, figure.clientWidth - tip.offsetWidth - 4) : before;
    tip.style.transform = `translate(${Math.max(place, 0)}px, ${inner.top - outer.top}px)`;
  }

  view.addSignalListener(`${NEAR}_tuple`, (_, chosen) => {
    const found = chosen?.values ? rows.findIndex((row) => row[field] === chosen.values[0]) : -1;
    if (found < 0) {
      tip.hidden = true;
      return;
    }
    at = found;
    tell();
    show();
  });

  function choose(place) {
    const chosen = place === null ? null : { unit: NEAR, fields: view.signal(`${NEAR}_tuple_fields`), values: [rows[place][field]] };
    view.signal(`${NEAR}_tuple`, chosen).runAsync();
  }

  const week = 7;
  const steps = {
    ArrowRight: () => at + 1, ArrowUp: () => at + 1, PageUp: () => at + week, End: () => rows.length - 1,
    ArrowLeft: () => at - 1, ArrowDown: () => at - 1, PageDown: () => at - week, Home: () => 0,
  };
  holder.setAttribute("role", "slider");
  holder.setAttribute("aria-valuemin", 0);
  holder.setAttribute("aria-valuemax", rows.length - 1);
  tell();
  holder.addEventListener("keydown", (event) => {
    if (event.key === "Escape") choose(null);
    if (!steps[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(Math.min(Math.max(steps[event.key](), 0), rows.length - 1));
  });
  holder.addEventListener("blur", () => choose(null));
}

function line(name, text) {
  const row = document.createElement("div");
  const value = document.createElement("bdi");
  value.textContent = text;
  if (name) {
    const label = document.createElement("span");
    label.textContent = name;
    row.append(label, value);
  } else {
    row.className = "head";
    row.append(value);
  }
  return row;
}
