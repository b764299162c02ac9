// Choosing, stepping, playing, filtering.
const $ = id => document.getElementById(id);
const overview = $("overview"), scrub = $("scrub"), stage = $("stage"), tip = $("tip");

// Events that the page folds into others have numbers too in lab replay.
const isNumbered = D.source === "simulator";
const numberText = i => isNumbered ? ` (${E.index[i].toLocaleString("en")} in lab replay)` : "";

function choose(i, center) {
  view.chosen = i;
  view.mark = i >= 0 && N ? causality(i) : null;
  if (i >= 0) { scrub.value = i; bringIntoView(i, center); }
  scrub.setAttribute("aria-valuetext", i >= 0 ? `event ${i + 1}: ${placeName(i)} ${sentence(i)}` : "no event");
  $("position").textContent = i >= 0 ? `event ${(i + 1).toLocaleString("en")} of ${N.toLocaleString("en")}${numberText(i)}, ${timeText(E.at[i])}` : `${N.toLocaleString("en")} events`;
  showPanel();
  redraw();
  drawOverview();
}

function bringIntoView(i, center) {
  const sx = screenX(i);
  if (center || sx < GUTTER + 30 || sx > width() - 60) scrollToX(Math.max(0, GUTTER + 14 + x[i] * view.zoom - (GUTTER + (width() - GUTTER) * (center ? .5 : sx < GUTTER + 30 ? .7 : .3))));
  const sy = y(i);
  if (sy >= 0 && (sy < scroller.scrollTop + 20 || sy > scroller.scrollTop + scroller.clientHeight - 30)) scroller.scrollTop = sy - scroller.clientHeight / 2;
}

// The next shown event in a direction, of all or of those that pass a test.
function step(by, test = () => true) {
  if (!vis.length) return false;
  let k = view.chosen < 0 ? (by > 0 ? -1 : vis.length) : by > 0 ? lowerBound(vis, view.chosen + 1) - 1 : lowerBound(vis, view.chosen);
  for (k += by; k >= 0 && k < vis.length; k += by) if (test(vis[k])) { choose(vis[k]); return true; }
  return false;
}

function stepLane(by) {
  const lane = view.chosen < 0 ? -1 : E.lane[view.chosen];
  step(by, i => E.lane[i] === lane || (E.lane[i] <= -2 && lane >= 0 && D.lanes[lane][0] === -2 - E.lane[i]));
}

let timer = 0;
function play(on = !timer) {
  clearInterval(timer);
  timer = 0;
  if (on) {
    if (view.chosen >= 0 && lowerBound(vis, view.chosen + 1) >= vis.length) choose(-1);
    const rate = +$("speed").value, beat = Math.max(1000 / rate, 33);
    let owed = 0;
    timer = setInterval(() => { owed += rate * beat / 1000; for (; owed >= 1; owed--) if (!step(1)) { play(false); return; } }, beat);
  }
  $("play").textContent = timer ? "⏸ pause" : "▶ play";
  $("play").setAttribute("aria-label", timer ? "Pause" : "Play");
}

function zoomTo(zoom, at = GUTTER + (width() - GUTTER) / 2) {
  const fixed = (at - GUTTER - 14 + port.left) / view.zoom;
  view.zoom = Math.min(Math.max(zoom, Math.min(1, fitZoom())), Math.max(12, fitZoom()), Math.max(fitZoom(), 8e6 / extent));
  spacer.style.width = fullWidth() + "px";
  scrollToX(fixed * view.zoom + GUTTER + 14 - at);
  redraw();
  drawOverview();
}

function relayout(keep = true) {
  const i = keep && view.chosen >= 0 ? view.chosen : vis[Math.min(vis.length - 1, firstAt(GUTTER))] ?? -1;
  layout();
  resize();
  view.zoom = Math.min(Math.max(view.zoom, Math.min(1, fitZoom())), Math.max(fitZoom(), 8e6 / extent));
  spacer.style.width = fullWidth() + "px";
  if (i >= 0) scrollToX(x[i] * view.zoom - (view.chosen === i ? (width() - GUTTER) / 2 : 0));
  scrub.max = Math.max(0, N - 1);
  redraw();
  drawOverview();
}

function press(id, on) { $(id).setAttribute("aria-pressed", String(on)); }
function setAxis(byTime) { view.byTime = byTime; press("axis", byTime); $("idle").disabled = !byTime; relayout(); }
function setIdle(collapse) { view.collapse = collapse; press("idle", collapse); relayout(); }
function setCausal(causal) { view.causal = causal; press("causality", causal); redraw(); }

let back = null;
function drawOverview() {
  const ratio = window.devicePixelRatio || 1, w = overview.clientWidth, h = overview.clientHeight;
  if (!back || back.key !== `${w},${vis.length},${view.byTime},${view.collapse},${ink.card}`) {
    back = new OffscreenCanvas(Math.max(1, w * ratio), h * ratio);
    back.key = `${w},${vis.length},${view.byTime},${view.collapse},${ink.card}`;
    const o = back.getContext("2d"), lanes = Math.max(1, D.lanes.length), drawn = new Int32Array(lanes).fill(-1), thick = Math.min(4, Math.max(1, Math.round(500 / vis.length)));
    o.scale(ratio, ratio);
    const column = i => 4 + x[i] / extent * (w - 8);
    o.fillStyle = ink.side2;
    for (const [from, to] of D.cuts) o.fillRect(column(from), 0, Math.max(1, (to < 0 ? w : column(to)) - column(from)), h);
    for (const i of vis) {
      const lane = E.lane[i], c = column(i) | 0;
      if (lane < 0 || drawn[lane] >= c) continue;
      drawn[lane] = c;
      o.fillStyle = ink[kindInk[kindOf(i)] || "soft"]; o.globalAlpha = .55;
      o.fillRect(c, 4 + lane * (h - 8) / lanes, thick, Math.max(1, (h - 8) / lanes - 1));
    }
    o.globalAlpha = 1;
    for (const i of highlightList) if (highlights.get(i)[0] === 0) { o.fillStyle = ink.gold; o.fillRect(column(i) - 1, 0, 2, h); }
    for (let i = 0; i < N; i++) if (E.kind[i] === CRASH) { o.fillStyle = ink.crash; o.fillRect(column(i), h - 5, 2, 5); }
    if (brokenAt >= 0) { o.fillStyle = ink.bad; o.fillRect(column(brokenAt) - 1, 0, 3, h); }
  }
  overview.width = w * ratio; overview.height = h * ratio;
  const o = overview.getContext("2d");
  o.drawImage(back, 0, 0);
  o.scale(ratio, ratio);
  const part = p => 4 + Math.min(1, Math.max(0, p / (extent * view.zoom))) * (w - 8);
  const left = part(port.left - 14), right = part(port.left + width() - GUTTER - 14);
  o.fillStyle = ink.accent; o.globalAlpha = .13; o.fillRect(left, 0, right - left, h);
  o.globalAlpha = 1; o.strokeStyle = ink.accent; o.strokeRect(left + .5, .5, Math.max(2, right - left - 1), h - 1);
  if (view.chosen >= 0) { o.fillStyle = ink.ink; o.fillRect(4 + x[view.chosen] / extent * (w - 8), 0, 1.5, h); }
}

function moveOverview(event) {
  const want = (event.offsetX - 4) / (overview.clientWidth - 8) * extent * view.zoom;
  scrollToX(want - (width() - GUTTER) / 2);
}

function filterBoxes(into, what, items, off) {
  const boxes = [];
  const change = () => {
    boxes.forEach((box, k) => { if (box.checked) off.delete(items[k][0]); else off.add(items[k][0]); });
    relayout();
    const count = view.offNodes.size + view.offTypes.size;
    $("filter").textContent = count ? `filter: ${count} off` : "filter";
    $("filter").classList.toggle("on", count > 0);
  };
  const all = checked => () => { for (const box of boxes) box.checked = checked; change(); };
  into.append(make("button", { type: "button", click: all(true), "aria-label": `Show all ${what}` }, "all"), make("button", { type: "button", click: all(false), "aria-label": `Show no ${what}` }, "none"));
  for (const [value, words] of items) {
    const box = make("input", { type: "checkbox", value });
    box.checked = true;
    box.addEventListener("change", change);
    boxes.push(box);
    into.append(make("label", {}, box, " " + words));
  }
}

function openFilters(on = $("filters").hidden) {
  $("filters").hidden = !on;
  $("filter").setAttribute("aria-expanded", String(on));
  (on ? $("filters").querySelector("input, button") : $("filter")).focus();
}
