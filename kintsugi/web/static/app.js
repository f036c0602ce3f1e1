// What the pages do beyond links and forms: tell the viewer's time zone, stay up to date, draw charts. No page needs it.
"use strict";

// Times are written by the server; from the next page on in the zone of this browser.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// On a phone the navigation is wider than the screen: where one is must be seen.
const here = document.querySelector(".nav a[aria-current]");
if (here) {
  const bar = here.closest("ul");
  bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}

// Live pages: <div id="live" data-live="events cases"> is fetched anew when one of these changed on the server.
// While somebody writes in it, only a button says that there is news.
function staysLive() {
  const part = document.getElementById("live");
  if (!part || !window.EventSource) return;
  const wanted = part.dataset.live.split(" ");
  const bar = document.getElementById("news");
  const stream = new EventSource("/live");
  let seen = null;
  let written = false;
  part.addEventListener("input", () => { written = true; });
  bar.addEventListener("click", () => location.reload());
  const fetchAnew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    const now = document.getElementById("live");
    if (!fresh || fresh.innerHTML === now.innerHTML) return;
    const busy = written || now.querySelector("details.act[open]") || now.contains(document.activeElement);
    if (busy) {
      bar.hidden = false;
      return;
    }
    now.replaceChildren(...fresh.childNodes);
    if (window.htmx) window.htmx.process(now);
    drawCharts(now);
  };
  stream.addEventListener("hello", (event) => { seen = seen || JSON.parse(event.data); });
  stream.addEventListener("changed", (event) => {
    const ids = JSON.parse(event.data);
    const touched = wanted.some((name) => ids[name] !== seen[name]);
    seen = ids;
    if (touched) fetchAnew();
  });
  addEventListener("pagehide", () => stream.close());
}

// Charts: <div class="chart" data-chart="/spikes/1/chart"> holds what is said without a script until it is drawn.
async function drawCharts(root) {
  const places = [...root.querySelectorAll("[data-chart]")];
  if (!places.length || !window.vegaEmbed) return;
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const config = {
    background: "transparent",
    title: { color: token("--ink"), subtitleColor: token("--quiet") },
    axis: { labelColor: token("--quiet"), titleColor: token("--quiet"), gridColor: token("--line") },
    legend: { labelColor: token("--quiet"), titleColor: token("--quiet") },
    style: { "guide-label": { font: "sans-serif" } },
  };
  for (const place of places) {
    const answer = await fetch(place.dataset.chart);
    if (!answer.ok) continue;
    const specification = await answer.json();
    specification.config = { ...specification.config, ...config };
    specification.background = "transparent";
    // The page has a heading of its own above the chart: what remains is what its signs mean.
    const { subtitle, ...title } = specification.title;
    specification.title = { ...title, text: subtitle, fontSize: 12, fontWeight: "normal" };
    recolour(specification, token);
    const width = place.clientWidth - 80;
    if (width > 200) specification.width = Math.min(width, 1000);
    await window.vegaEmbed(place, specification, {
      ast: true, actions: false, defaultStyle: false, renderer: "canvas",
      tooltip: { disableDefaultStyle: true },
    });
  }
}

// The charts of reports are drawn for paper; in the dark their ink must be light.
function recolour(node, token) {
  const tokens = { "#1f2933": "--ink", "#52606d": "--quiet", "#d9e2ec": "--line", "#b42318": "--critical" };
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === "string" && tokens[value]) node[key] = token(tokens[value]);
    else if (value && typeof value === "object") recolour(value, token);
  }
}

// Buttons that copy a text: <button data-copy="id">.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(from.value ?? from.textContent);
  document.getElementById("said-aloud").textContent = button.dataset.copied;
});

// Alternatives of a draft: <a data-fill="id" data-from="id"> puts a text into a field; without this it is a link.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.fill);
  field.value = document.getElementById(button.dataset.from).textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

// A tick box that ticks all others of its form.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of document.querySelectorAll(`input[name="${event.target.dataset.all}"]`)) {
    box.checked = event.target.checked;
  }
});

staysLive();
drawCharts(document);
