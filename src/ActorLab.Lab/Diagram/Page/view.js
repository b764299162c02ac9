// The drawing: where things stand, and the canvas.
const canvas = document.getElementById("canvas"), scroller = document.getElementById("scroller"), spacer = document.getElementById("spacer");
const ctx = canvas.getContext("2d");
const GUTTER = 128, TOP = 50, NODE_GAP = 10, END = 60, CROWD = 4000;
const view = { zoom: 1, byTime: !isSteps, collapse: true, causal: true, chosen: -1, mark: null, offNodes: new Set(), offTypes: new Set() };
let LANE = 46;
let vis = [], x = new Float64Array(N), laneY = [], nextOnLane = new Int32Array(N), gaps = [], height = 0, extent = 1;
const y = i => E.lane[i] >= 0 ? laneY[E.lane[i]] : -1;

const isShown = i => {
  const lane = E.lane[i], node = lane >= 0 ? D.lanes[lane][0] : lane <= -2 ? -2 - lane : -1;
  if (node >= 0 && view.offNodes.has(node)) return false;
  if (between.has(E.kind[i]) && E.peer[i] >= 0 && view.offNodes.has(D.lanes[E.peer[i]][0])) return false;
  return !view.offTypes.has(typeOf(i));
};

// Which events are shown, and where along the axis.
function layout() {
  const index = [];
  for (let i = 0; i < N; i++) if (isShown(i)) index.push(i);
  vis = Int32Array.from(index);
  laneY = [];
  const shown = D.lanes.filter(lane => !view.offNodes.has(lane[0]));
  const room = scroller.clientHeight - TOP - 44 - NODE_GAP * new Set(shown.map(lane => lane[0])).size;
  LANE = Math.min(96, Math.max(40, room / Math.max(1, shown.length)));
  let top = TOP + LANE / 2, node = -1;
  D.lanes.forEach((lane, i) => {
    if (view.offNodes.has(lane[0])) { laneY.push(-1); return; }
    if (lane[0] !== node && node >= 0) top += NODE_GAP;
    node = lane[0];
    laneY.push(top);
    top += LANE;
  });
  height = top - LANE / 2 + 6;
  place();
  const last = new Int32Array(D.lanes.length).fill(-1);
  nextOnLane.fill(-1);
  for (let k = vis.length - 1; k >= 0; k--) {
    const lane = E.lane[vis[k]];
    if (lane >= 0) { nextOnLane[vis[k]] = last[lane]; last[lane] = vis[k]; }
  }
  messagesIn = buckets();
}

function place() {
  const steps = [];
  for (let k = 1; k < vis.length; k++) { const d = E.at[vis[k]] - E.at[vis[k - 1]]; if (d > 0) steps.push(d); }
  steps.sort((a, b) => a - b);
  const median = steps.length ? steps[steps.length >> 1] : 1, scale = 9 / median;
  const lastX = new Float64Array(D.lanes.length + 1).fill(-100);
  gaps = [];
  let at = 0, now = 0;
  for (let k = 0; k < vis.length; k++) {
    const i = vis[k];
    if (!view.byTime) at = isSteps ? at + (k ? (E.at[i] === E.at[vis[k - 1]] ? 7 : 16) : 0) : k * 10;
    else if (k) {
      const wait = Math.max(0, E.at[i] - now), room = wait * scale;
      if (view.collapse && room > 60) { gaps.push([at, at + 60, wait]); at += 60; } else at += room;
      at = Math.max(at, lastX[E.lane[i] >= 0 ? E.lane[i] : D.lanes.length] + 7);
    }
    now = Math.max(now, E.at[i]);
    x[i] = at;
    lastX[E.lane[i] >= 0 ? E.lane[i] : D.lanes.length] = at;
  }
  for (let i = 0, k = 0, last = 0; i < N; i++) { if (vis[k] === i) { last = x[i]; k++; } else x[i] = last; }
  extent = Math.max(1, at);
}

// Messages by the stretch of events that they span, so that a frame looks at few.
let messagesIn = [];
function buckets() {
  const all = Array.from({ length: (N >> 7) + 1 }, () => []);
  for (let m = 0; m < M.from.length; m++) {
    if (!isDrawn(m)) continue;
    const to = M.to[m] < 0 ? M.from[m] : M.to[m];
    for (let b = M.from[m] >> 7; b <= to >> 7; b++) all[b].push(m);
  }
  return all;
}
const isDrawn = m => !view.offTypes.has(M.type[m]) && !view.offNodes.has(nodeOfLane(E.lane[M.from[m]])) && !view.offNodes.has(nodeOfLane(M.lane[m]));
const nodeOfLane = lane => lane >= 0 ? D.lanes[lane][0] : -1;

// Where the view is: to ask the element itself for each event would lay the page out each time.
const port = { left: 0, width: 0 };
function look() { port.left = scroller.scrollLeft; port.width = scroller.clientWidth; }
function scrollToX(left) { scroller.scrollLeft = left; look(); }
const screenX = i => GUTTER + 14 + x[i] * view.zoom - port.left;
const width = () => port.width;
const fullWidth = () => GUTTER + 14 + extent * view.zoom + END;
const fitZoom = () => Math.max(1e-6, (width() - GUTTER - 14 - END) / extent);

// The place among the shown events of the first at or right of a screen coordinate.
function firstAt(sx) {
  const want = (sx - GUTTER - 14 + port.left) / view.zoom;
  let low = 0, high = vis.length;
  while (low < high) { const middle = (low + high) >> 1; if (x[vis[middle]] < want) low = middle + 1; else high = middle; }
  return low;
}

// Where a moment is on the axis; between events, in proportion.
function xAt(at, i) {
  if (!view.byTime || isSteps) return x[i];
  let low = 0, high = vis.length - 1;
  while (low < high) { const middle = (low + high) >> 1; if (E.at[vis[middle]] < at) low = middle + 1; else high = middle; }
  const after = vis[low], before = vis[Math.max(0, low - 1)], span = E.at[after] - E.at[before];
  return Math.max(x[i], span > 0 ? x[before] + (x[after] - x[before]) * Math.min(1, Math.max(0, (at - E.at[before]) / span)) : x[after]);
}

let ink = {};
function readInk() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["page", "card", "ink", "soft", "line", "lane", "accent", "bad", "good", "gold", "warn", "deliver", "expire", "operation", "boot", "crash", "fault", "past", "future", "concurrent", "message", "side1", "side2", "side3", "side4", "down", "hatch"])
    ink[name] = style.getPropertyValue("--" + name).trim();
  ink.font = "12px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
  ink.small = "10.5px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
}

function resize() {
  look();
  const ratio = window.devicePixelRatio || 1, w = width(), h = Math.max(scroller.clientHeight - 1, height + 8);
  canvas.width = w * ratio; canvas.height = h * ratio;
  canvas.style.width = w + "px"; canvas.style.height = h + "px";
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  spacer.style.width = fullWidth() + "px";
}

let asked = false;
const frames = [];
function redraw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const began = performance.now();
    draw();
    frames.push(performance.now() - began);
    if (frames.length > 600) frames.shift();
  });
}

function draw() {
  const w = width(), h = canvas.clientHeight;
  ctx.clearRect(0, 0, w, h);
  ctx.fillStyle = ink.card; ctx.fillRect(0, 0, w, h);
  const from = Math.max(0, firstAt(GUTTER - 20) - 1), to = Math.min(vis.length, firstAt(w + 20) + 1);
  const crowded = to - from > CROWD;
  ctx.save();
  ctx.beginPath(); ctx.rect(GUTTER, 0, w - GUTTER, h); ctx.clip();
  drawCuts(w, h);
  drawAxis(w, h, from, to);
  drawLanes(w);
  if (crowded) drawCrowd(from, to, w); else { drawMessages(from, to); drawEvents(from, to); }
  drawHighlights(w, crowded);
  drawMarks(w, h);
  ctx.restore();
  drawGutter(h);
}

function drawCuts(w, h) {
  let lastLabel = -1e9;
  for (const [from, to, name, flaps, ...sides] of D.cuts) {
    const left = Math.max(GUTTER, screenX(from)), right = Math.min(w, to < 0 ? screenX(N - 1) + END : screenX(to));
    if (right < GUTTER || left > w) continue;
    D.lanes.forEach((lane, i) => {
      const side = sides[lane[0]];
      if (laneY[i] < 0 || side < 0) return;
      band(left, right, laneY[i] - LANE / 2, ink["side" + (side % 4 + 1)], flaps);
    });
    ctx.fillStyle = ink.fault; ctx.fillRect(left, TOP - 19, Math.max(1, right - left), 2);
    ctx.font = ink.small;
    const said = text(name), long = ctx.measureText(said).width;
    if (right - left > 30 && left + 4 > lastLabel) {
      ctx.save(); ctx.beginPath(); ctx.rect(left, TOP - 18, right - left, 16); ctx.clip();
      ctx.fillText(said, left + 9, TOP - 7); ctx.restore();
      lastLabel = left + Math.min(long, right - left);
    }
  }
}

function drawAxis(w, h, from, to) {
  ctx.font = ink.small; ctx.textAlign = "center";
  const firstGap = (port.left - 14) / view.zoom, lastGap = (port.left + w - GUTTER) / view.zoom;
  for (let g = Math.max(0, gapAt(firstGap) - 1); 60 * view.zoom >= 34 && g < gaps.length && gaps[g][0] <= lastGap; g++) {
    const [left, right, wait] = gaps[g], a = GUTTER + 14 + left * view.zoom - port.left, b = GUTTER + 14 + right * view.zoom - port.left;
    ctx.strokeStyle = ink.line; ctx.setLineDash([3, 4]);
    ctx.beginPath(); ctx.moveTo((a + b) / 2, TOP); ctx.lineTo((a + b) / 2, height); ctx.stroke(); ctx.setLineDash([]);
    ctx.fillStyle = ink.soft; ctx.fillText("⋯ " + spanText(wait), (a + b) / 2, 24);
  }
  let last = -1e9;
  ctx.fillStyle = ink.soft; ctx.strokeStyle = ink.line;
  for (let k = from; k < to; k++) {
    const i = vis[k], sx = screenX(i);
    if (sx - last < 84 || (isSteps && k > 0 && E.at[vis[k - 1]] === E.at[i])) continue;
    last = sx;
    ctx.fillText(view.byTime || isSteps ? (isSteps ? String(E.at[i]) : timeText(E.at[i])) : String(i + 1), sx, 11);
    ctx.beginPath(); ctx.moveTo(sx, 15); ctx.lineTo(sx, 19); ctx.stroke();
  }
  ctx.textAlign = "left";
}

function gapAt(want) {
  let low = 0, high = gaps.length;
  while (low < high) { const middle = (low + high) >> 1; if (gaps[middle][0] < want) low = middle + 1; else high = middle; }
  return low;
}

function drawLanes(w) {
  ctx.lineWidth = 1.5;
  for (let i = 0; i < D.lanes.length; i++) {
    if (laneY[i] < 0) continue;
    ctx.strokeStyle = ink.lane;
    ctx.beginPath(); ctx.moveTo(GUTTER, laneY[i]); ctx.lineTo(w, laneY[i]); ctx.stroke();
  }
  for (const [from, to, paused, ...lanes] of D.spells) {
    const left = Math.max(GUTTER, screenX(from)), right = Math.min(w, to < 0 ? Math.max(screenX(N - 1) + END, left) : screenX(to));
    if (right < GUTTER || left > w) continue;
    for (const lane of lanes) {
      if (laneY[lane] < 0) continue;
      const top = laneY[lane] - 11;
      ctx.fillStyle = ink.down; ctx.fillRect(left, top, Math.max(1, right - left), 22);
      ctx.strokeStyle = ink.hatch; ctx.lineWidth = 1;
      ctx.save(); ctx.beginPath(); ctx.rect(left, top, right - left, 22); ctx.clip(); ctx.beginPath();
      const base = left - ((left + port.left) % 8);
      for (let s = base - 22; s < right; s += 8) { ctx.moveTo(s, top + 22); ctx.lineTo(s + 22, top); }
      ctx.stroke(); ctx.restore();
      if (right - left > 46) { ctx.font = ink.small; ctx.fillStyle = ink.soft; const word = paused ? "paused" : "down"; ctx.fillStyle = ink.down; const long = ctx.measureText(word).width; ctx.fillRect((left + right - long) / 2 - 4, laneY[lane] - 7, long + 8, 14); ctx.fillStyle = ink.soft; ctx.fillText(word, (left + right - long) / 2, laneY[lane] + 4); }
    }
  }
}

// Too many to tell apart: a line for each column that has any.
function drawCrowd(from, to, w) {
  const drawn = new Int32Array(D.lanes.length).fill(-1);
  for (let k = from; k < to; k++) {
    const i = vis[k], lane = E.lane[i];
    if (lane < 0 || laneY[lane] < 0) continue;
    const column = screenX(i) | 0;
    if (drawn[lane] >= column || between.has(E.kind[i])) continue;
    drawn[lane] = column;
    ctx.fillStyle = colorOf(i);
    ctx.fillRect(column, laneY[lane] - 6, 1, 12);
  }
}

const kindInk = { deliver: "deliver", expire: "expire", operation: "operation", boot: "boot", restart: "boot", crash: "crash", drop: "crash", fault: "fault", step: "deliver", violation: "bad" };
const inkOfKind = D.kinds.map(kind => kindInk[kind] || "soft"), inkOfMark = ["concurrent", "past", "future", "ink"];
const colorOf = i => ink[view.causal && view.mark ? inkOfMark[view.mark[i]] : inkOfKind[E.kind[i]]];
