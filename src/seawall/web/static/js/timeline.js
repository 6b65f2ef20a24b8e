// Draws the timelines of a page with uPlot in place of the pictures that came with it, and lets a span be chosen.
import { token, whenColoursChange } from "./colours.js";

const NARROW = 640;

function utc(seconds, clock) {
  const told = new Date(seconds * 1000).toISOString();
  return clock ? `${told.slice(0, 10)} ${told.slice(11, 16)} UTC` : `${told.slice(0, 10)} UTC`;
}

// Days as "5 May", hours as "14:05"; the first of a year or of a day says which.
function dated(ticks) {
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : `${language}-u-nu-latn`, { day: "numeric", month: "short", timeZone: "UTC" });
  const clock = ticks.length > 1 && ticks[1] - ticks[0] < 86400;
  return ticks.map((tick, place) => {
    const at = new Date(tick * 1000);
    const before = place ? new Date(ticks[place - 1] * 1000) : null;
    const hour = at.toISOString().slice(11, 16);
    if (clock && before && before.getUTCDate() === at.getUTCDate()) return hour;
    const year = !before || before.getUTCFullYear() !== at.getUTCFullYear() ? `\n${at.getUTCFullYear()}` : "";
    return clock && hour !== "00:00" ? `${hour}\n${day.format(at)}` : `${day.format(at)}${year}`;
  });
}

// Behind the counts: windows as grounds of their colour, time that was not collected as hatching.
function drawGrounds(plot, told) {
  const { ctx } = plot;
  const { top, height, left, width } = plot.bbox;
  const ground = (start, end, fill) => {
    const from = Math.max(plot.valToPos(start, "x", true), left);
    const to = Math.min(plot.valToPos(end, "x", true), left + width);
    if (to <= from && end <= plot.scales.x.min) return;
    ctx.fillStyle = fill;
    ctx.fillRect(from, top, Math.max(to - from, 2), height);
  };
  ctx.save();
  for (const one of told.windows) ground(one.start, one.end, token(one.direction === "up" ? "surge" : "collapse"));
  for (const [start, end] of told.gaps) ground(start, end, hatching(ctx));
  ctx.restore();
}

function drawNumbers(plot, told) {
  const { ctx } = plot;
  ctx.save();
  ctx.font = `${13 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  for (const one of told.windows) {
    const middle = plot.valToPos((one.start + one.end) / 2, "x", true);
    ctx.fillStyle = token(one.direction === "up" ? "surge-ink" : "collapse-ink");
    ctx.fillText(String(one.number), middle, plot.bbox.top - 5 * devicePixelRatio);
  }
  ctx.restore();
}

function hatching(ctx) {
  const tile = document.createElement("canvas");
  const size = 8 * devicePixelRatio;
  tile.width = tile.height = size;
  const pen = tile.getContext("2d");
  pen.strokeStyle = token("missing");
  pen.lineWidth = 1.5 * devicePixelRatio;
  pen.beginPath();
  for (const from of [-size, 0, size]) {
    pen.moveTo(from, size);
    pen.lineTo(from + size, 0);
  }
  pen.stroke();
  return ctx.createPattern(tile, "repeat");
}

// Steps need an end: the last count is repeated where its bin ends.
function columns(told) {
  const times = [...told.at, told.at.at(-1) + told.bin];
  const line = (values) => (values.length ? [...values, values.at(-1)] : times.map(() => null));
  return [times, line(told.low), line(told.high), line(told.expected), line(told.observed)];
}

function options(figure, told, words, width, choose) {
  const clock = told.bin < 86400;
  const steps = uPlot.paths.stepped({ align: 1 });
  const axis = { stroke: () => token("quiet"), grid: { stroke: () => token("rule"), width: 1 }, font: "13px system-ui, sans-serif" };
  const readout = figure.querySelector(".readout");
  return {
    width,
    height: width < NARROW ? 220 : 280,
    padding: [22, 12, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: Boolean(choose), y: false, setScale: false } },
    scales: { x: { time: true }, y: { range: (_, __, high) => [0, Math.max(1, high * 1.05)] } },
    axes: [{ ...axis, space: 72, values: (_, ticks) => dated(ticks) }, { ...axis, size: 56, values: (_, ticks) => ticks.map((one) => one.toLocaleString("en")) }],
    series: [
      {},
      { stroke: "transparent", width: 0, paths: steps, points: { show: false } },
      { stroke: "transparent", width: 0, paths: steps, points: { show: false } },
      { stroke: () => token("quiet"), width: 1, dash: [4, 3], paths: steps, points: { show: false } },
      { stroke: () => token("ink"), width: 1.5, paths: steps, points: { show: false } },
    ],
    bands: [{ series: [2, 1], fill: () => token("band") }],
    hooks: {
      drawClear: [(plot) => drawGrounds(plot, told)],
      draw: [(plot) => drawNumbers(plot, told)],
      setCursor: [
        (plot) => {
          const at = plot.cursor.idx;
          if (at === null || at === undefined || at >= told.at.length) return;
          const seen = told.observed[at];
          const expected = told.expected[at];
          const parts = [utc(told.at[at], clock), seen === null ? words.missing : `${words.observed} ${seen.toLocaleString("en")}`];
          if (expected !== undefined && expected !== null) parts.push(`${words.expected} ${expected.toFixed(1)}`);
          readout.textContent = parts.join(" · ");
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: wide } = plot.select;
          if (wide < 4 || !choose) return;
          choose(plot.posToVal(left, "x"), plot.posToVal(left + wide, "x"));
        },
      ],
    },
  };
}

// A chosen span goes into the fields of the form; the form then shows it.
function chooser(figure) {
  const form = document.getElementById(figure.dataset.brush);
  if (!form) return null;
  return (start, end) => {
    const minute = (seconds) => new Date(Math.round(seconds / 60) * 60_000).toISOString().slice(0, 16);
    form.elements.start.value = minute(start);
    form.elements.end.value = minute(Math.max(end, start + 60));
    if (form.hasAttribute("hx-get")) form.dispatchEvent(new Event("span", { bubbles: true }));
    else form.requestSubmit();
  };
}

async function draw(figure) {
  const answer = await fetch(figure.dataset.timeline, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const told = await answer.json();
  if (!told.at.length) return;
  const place = figure.querySelector(".drawn");
  const canvas = document.createElement("div");
  canvas.className = "plot";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", place.dataset.label);
  const width = () => Math.max(280, place.clientWidth);
  const words = JSON.parse(figure.querySelector(".readout").dataset.words);
  const plot = new uPlot(options(figure, told, words, width(), chooser(figure)), columns(told), canvas);
  place.replaceChildren(canvas);
  new ResizeObserver(() => plot.setSize({ width: width(), height: plot.height })).observe(place);
  whenColoursChange(() => plot.redraw());
  figure.dataset.drawn = "true";
}

for (const figure of document.querySelectorAll("[data-timeline]")) draw(figure);
