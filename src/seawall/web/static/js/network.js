// Draws a network with sigma: places come from the server, groups differ in colour and lie in numbered circles.
import { token, whenColoursChange } from "./colours.js";

const HUES = 7;
const POLL_MS = 1500;
const MANY = 6000; // of more lines each is a hair: without a graphics card thick ones take a second

function hues() {
  return [...Array.from({ length: HUES }, (_, group) => token(`group-${group + 1}`)), token("group-other")];
}

function short(name) {
  return name.length > 8 ? `${name.slice(0, 6)}…` : name;
}

function graphOf(told) {
  const graph = new graphology.Graph({ type: "undirected" });
  const scale = told.whole_groups ? 1 : Math.min(1, 22 / Math.sqrt(told.nodes.length));
  const heaviest = told.edges.reduce((most, edge) => Math.max(most, edge[2]), 1);
  told.nodes.forEach(([name, x, y, size, group, core], place) => {
    const label = told.whole_groups ? name : short(name);
    graph.addNode(place, { x, y: -y, size: Math.max(size * scale, 0.8), label, group, core, name });
  });
  for (const [one, other, weight, ...ends] of told.edges) {
    const [source, target] = told.whole_groups ? ends : [told.nodes[one][0], told.nodes[other][0]];
    graph.addEdge(one, other, { weight, source, target, size: 0.3 + 3.6 * scale * Math.sqrt(weight / heaviest) });
  }
  return graph;
}

function colour(graph) {
  const colours = hues();
  const faint = `${token("coordination")}b0`;
  graph.updateEachNodeAttributes((_, one) => ({ ...one, color: colours[Math.min(one.group, HUES)] }), { attributes: ["color"] });
  graph.updateEachEdgeAttributes((_, one) => ({ ...one, color: faint }), { attributes: ["color"] });
}

// All circles are in view from the beginning, not only the accounts in them.
function boundsOf(told) {
  const reach = (side, way) => told.groups.map((group) => (side ? -group[1] : group[0]) + way * (group[2] + 1));
  const ends = (side) => [Math.min(...reach(side, -1)), Math.max(...reach(side, 1))];
  return { x: ends(0), y: ends(1) };
}

// The ground of each group, with its number beside its colour.
function drawGrounds(renderer, pen, told) {
  const { width, height } = renderer.getDimensions();
  const colours = hues();
  const ink = token("ink");
  pen.clearRect(0, 0, width, height);
  pen.font = "13px system-ui, sans-serif";
  pen.textAlign = "center";
  told.groups.forEach(([x, y, radius, accounts], place) => {
    const middle = renderer.graphToViewport({ x, y: -y });
    const edge = renderer.graphToViewport({ x: x + radius + 0.6, y: -y });
    const reach = Math.hypot(edge.x - middle.x, edge.y - middle.y);
    if (reach < 2) return;
    pen.globalAlpha = 0.14;
    pen.fillStyle = colours[Math.min(place, HUES)];
    pen.beginPath();
    pen.arc(middle.x, middle.y, reach, 0, 2 * Math.PI);
    pen.fill();
    pen.globalAlpha = 1;
    if (told.whole_groups || reach < 14) return;
    pen.fillStyle = ink;
    pen.fillText(reach > 50 ? `${place + 1} (${accounts})` : String(place + 1), middle.x, middle.y - reach - 3);
  });
}

function address(base, values) {
  const made = new URL(base, location.href);
  for (const [name, value] of Object.entries(values)) made.searchParams.set(name, value);
  return made.href;
}

function answerChoices(renderer, graph, figure, told) {
  const readout = figure.querySelector(".readout");
  const words = JSON.parse(figure.dataset.words);
  renderer.on("clickEdge", ({ edge }) => {
    const { source, target } = graph.getEdgeAttributes(edge);
    location.assign(address(figure.dataset.edge, { source, target }));
  });
  renderer.on("clickNode", ({ node }) => {
    const { name, group } = graph.getNodeAttributes(node);
    if (told.whole_groups) document.getElementById(`group-${group + 1}`)?.focus();
    else location.assign(figure.dataset.account.replace("ACCOUNT", encodeURIComponent(name)));
  });
  renderer.on("enterNode", ({ node }) => {
    const { name, group } = graph.getNodeAttributes(node);
    readout.textContent = told.whole_groups
      ? `${words.group} ${group + 1}: ${told.groups[group][3].toLocaleString("en")} ${words.accounts}`
      : `${short(name)} · ${words.group} ${group + 1}`;
  });
  renderer.on("enterEdge", ({ edge }) => {
    const { source, target, weight } = graph.getEdgeAttributes(edge);
    readout.textContent = `${short(source)} – ${short(target)}: ${weight.toLocaleString("en")}`;
  });
}

function draw(figure, told) {
  const began = performance.now();
  const graph = graphOf(told);
  colour(graph);
  const place = figure.querySelector(".canvas");
  place.replaceChildren();
  const many = graph.size > MANY;
  const { EdgeLineProgram, EdgeRectangleProgram, NodeCircleProgram, NodePointProgram } = Sigma.rendering;
  const renderer = new Sigma(new graphology.Graph(), place, {
    edgeProgramClasses: { line: many ? EdgeLineProgram : EdgeRectangleProgram },
    nodeProgramClasses: { circle: many ? NodePointProgram : NodeCircleProgram },
    enableEdgeEvents: !many,
    hideEdgesOnMove: many,
    labelFont: "system-ui, sans-serif",
    labelSize: 13,
    labelColor: { color: token("ink") },
    labelRenderedSizeThreshold: told.whole_groups ? 12 : 9,
    zIndex: false,
  });
  const pen = renderer.createCanvasContext("grounds", { beforeLayer: "edges" }).getCanvases().grounds.getContext("2d");
  renderer.on("afterRender", () => drawGrounds(renderer, scaled(renderer, pen), told));
  renderer.setCustomBBox(boundsOf(told));
  renderer.setGraph(graph);
  answerChoices(renderer, graph, figure, told);
  whenColoursChange(() => {
    colour(graph);
    renderer.setSetting("labelColor", { color: token("ink") });
    renderer.refresh();
  });
  requestAnimationFrame(() => {
    figure.dataset.drawnMs = String(Math.round(performance.now() - began));
  });
}

// A canvas has as many points as the screen: what is drawn keeps its size on a fine one.
function scaled(renderer, pen) {
  const { width, height } = renderer.getDimensions();
  const ratio = devicePixelRatio || 1;
  if (pen.canvas.width !== Math.round(width * ratio)) {
    pen.canvas.width = Math.round(width * ratio);
    pen.canvas.height = Math.round(height * ratio);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

async function ask(url) {
  const answer = await fetch(url);
  return answer.ok ? answer.json() : { state: "failed" };
}

async function poll(place) {
  const told = await ask(place.dataset.poll);
  if (told.state === "working") {
    place.querySelector(".opening").textContent = told.doing;
    setTimeout(() => poll(place), POLL_MS);
  } else {
    location.reload();
  }
}

const figure = document.querySelector("[data-network]");
const waiting = document.querySelector("[data-poll]");
if (figure) ask(figure.dataset.network).then((told) => told.state === "ready" && draw(figure, told));
if (waiting) setTimeout(() => poll(waiting), POLL_MS);
