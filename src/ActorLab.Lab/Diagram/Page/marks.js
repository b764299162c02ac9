// What stands on the lanes: messages, events, moments to remember.
function drawMessages(from, to) {
  if (from >= to) return;
  const seen = new Set(), first = vis[from] >> 7, last = vis[to - 1] >> 7;
  // Of each colour the arrows, and those of lost messages, which are dashed.
  const paths = () => [new Path2D(), new Path2D()];
  const plain = paths(), past = paths(), future = paths(), pale = paths();
  const heads = [];
  for (let b = first; b <= last; b++) {
    for (const m of messagesIn[b]) {
      if (seen.has(m)) continue;
      seen.add(m);
      const line = lineOf(m);
      if (!line) continue;
      const mark = view.mark, a = mark && mark[M.from[m]], z = mark && M.to[m] >= 0 ? mark[M.to[m]] : 0;
      const path = !(view.causal && mark) ? plain : (z === 1 || z === 3) && a === 1 ? past : a === 3 || (a === 2 && z === 2) ? future : pale;
      const stroke = path[M.lost[m]];
      stroke.moveTo(line[0], line[1]); stroke.lineTo(line[2], line[3]);
      heads.push([path, line, m]);
    }
  }
  ctx.lineWidth = 1.1;
  const dense = to - from > 900;
  for (const [path, color, alpha] of [[pale, ink.concurrent, dense ? .25 : .4], [plain, ink.message, dense ? .55 : .9], [past, ink.past, .95], [future, ink.future, .95]]) {
    ctx.globalAlpha = alpha; ctx.strokeStyle = ctx.fillStyle = color;
    ctx.stroke(path[0]);
    ctx.setLineDash([5, 3]); ctx.globalAlpha = Math.max(alpha, .6); ctx.stroke(path[1]);
    ctx.setLineDash([]); ctx.globalAlpha = alpha;
    if (!dense) for (const [own, line, m] of heads) if (own === path && !M.lost[m] && M.to[m] >= 0) head(line);
  }
  ctx.globalAlpha = 1;
  for (const [own, line, m] of heads) {
    ctx.globalAlpha = own === pale ? .6 : 1;
    if (M.lost[m]) cross(line[2], line[3], 4, ink.crash, 1.8);
    else if (M.to[m] < 0 && !dense) { ctx.strokeStyle = ink.message; ctx.lineWidth = 1; ctx.beginPath(); ctx.arc(line[2], line[3], 2.4, 0, 7); ctx.stroke(); }
    if (!dense && line[0] > screenX(M.from[m]) + 2) { ctx.fillStyle = ink.message; ctx.beginPath(); ctx.arc(line[0], line[1], 2, 0, 7); ctx.fill(); }
  }
  ctx.globalAlpha = 1;
}

// From where to where a message is drawn: a lost one ends short of its receiver, one under way after a while.
function lineOf(m) {
  const from = M.from[m], to = M.to[m], y0 = y(from);
  const y1 = M.lane[m] >= 0 ? laneY[M.lane[m]] : y0 - 18;
  if (y0 < 0 || y1 < 0) return null;
  const x0 = GUTTER + 14 + xAt(M.sent[m], from) * view.zoom - port.left;
  if (to < 0) return [x0, y0, x0 + 15, y0 + Math.sign(y1 - y0) * 11];
  const x1 = screenX(to);
  if (M.lost[m]) return [x0, y0, Math.max(x1, x0 + 5), y0 + (y1 - y0) * .62];
  return y0 === y1 ? [x0, y0 - 4, x1, y1 - 4] : [x0, y0, x1, y1];
}

function head([x0, y0, x1, y1]) {
  const angle = Math.atan2(y1 - y0, x1 - x0), tip = 6, tx = x1 - Math.cos(angle) * tip, ty = y1 - Math.sin(angle) * tip;
  ctx.beginPath(); ctx.moveTo(tx, ty);
  ctx.lineTo(tx - 8 * Math.cos(angle - .38), ty - 8 * Math.sin(angle - .38));
  ctx.lineTo(tx - 8 * Math.cos(angle + .38), ty - 8 * Math.sin(angle + .38));
  ctx.closePath(); ctx.fill();
}

function cross(cx, cy, r, color, thick) {
  ctx.strokeStyle = color; ctx.lineWidth = thick;
  ctx.beginPath(); ctx.moveTo(cx - r, cy - r); ctx.lineTo(cx + r, cy + r); ctx.moveTo(cx + r, cy - r); ctx.lineTo(cx - r, cy + r); ctx.stroke();
}

// The lanes on which an event is drawn, and where.
function spotsOf(i) {
  const lane = E.lane[i];
  if (between.has(E.kind[i])) {
    const line = E.message[i] >= 0 ? lineOf(E.message[i]) : null;
    return line ? [E.kind[i] === DROP ? [line[2], line[3]] : [screenX(i), (line[1] + line[3]) / 2]] : [[screenX(i), y(i)]];
  }
  if (lane >= 0) return laneY[lane] < 0 ? [] : [[screenX(i), laneY[lane]]];
  if (lane <= -2) return lanesOfNode[-2 - lane].filter(l => laneY[l] >= 0).map(l => [screenX(i), laneY[l]]);
  return [[screenX(i), TOP - 11]];
}

function drawEvents(from, to) {
  ctx.font = ink.small;
  for (let k = from; k < to; k++) {
    const i = vis[k], pale = view.causal && view.mark && view.mark[i] === 0;
    if (between.has(E.kind[i])) { if (kindOf(i) === "duplicate") for (const [sx, sy] of spotsOf(i)) { ctx.fillStyle = ink.warn; ctx.fillText("×2", sx + 3, sy); } continue; }
    ctx.globalAlpha = pale ? .55 : 1;
    for (const [sx, sy] of spotsOf(i)) shape(i, sx, sy);
    if (E.lane[i] >= 0) word(i);
    ctx.globalAlpha = 1;
  }
}

function shape(i, sx, sy) {
  const color = colorOf(i);
  ctx.fillStyle = color; ctx.strokeStyle = color; ctx.lineWidth = 1.8;
  ctx.beginPath();
  switch (kindOf(i)) {
    case "crash": cross(sx, sy, 6, view.causal && view.mark ? color : ink.crash, 2.6); return;
    case "stop": ctx.rect(sx - 4.4, sy - 4.4, 8.8, 8.8); ctx.fillStyle = ink.card; ctx.fill(); ctx.stroke(); return;
    case "boot": case "restart": ctx.arc(sx, sy, 4.6, 0, 7); ctx.fillStyle = ink.card; ctx.fill(); ctx.stroke(); return;
    case "expire": ctx.moveTo(sx, sy - 5.6); ctx.lineTo(sx + 5.6, sy); ctx.lineTo(sx, sy + 5.6); ctx.lineTo(sx - 5.6, sy); break;
    case "operation": ctx.rect(sx - 4.4, sy - 4.4, 8.8, 8.8); break;
    case "fault": ctx.moveTo(sx, sy + 3); ctx.lineTo(sx + 4, sy - 4); ctx.lineTo(sx - 4, sy - 4); break;
    default: ctx.arc(sx, sy, 4.2, 0, 7);
  }
  ctx.closePath(); ctx.fill();
}

function word(i) {
  const next = nextOnLane[i], room = next >= 0 ? screenX(next) - screenX(i) : 200;
  if (room < 22) return;
  const said = label(i);
  if (!said || ctx.measureText(said).width > room - 5) return;
  // With a rim, so that arrows behind it leave it legible.
  ctx.strokeStyle = ink.card; ctx.lineWidth = 3.5; ctx.lineJoin = "round";
  ctx.strokeText(said, screenX(i) - 2, laneY[E.lane[i]] + 17);
  ctx.fillStyle = view.causal && view.mark ? colorOf(i) : ink.soft;
  ctx.fillText(said, screenX(i) - 2, laneY[E.lane[i]] + 17);
}

// A recorded global state is a cut: a line through the moments at which its processes recorded theirs.
function drawRecorded() {
  const cuts = new Map();
  for (const i of highlightList) {
    const [kind, said] = highlights.get(i);
    if (kind !== 2 || y(i) < 0 || !isShown(i)) continue;
    if (!cuts.has(said)) cuts.set(said, []);
    cuts.get(said).push([screenX(i), y(i)]);
  }
  ctx.strokeStyle = ink.accent; ctx.lineWidth = 1.8; ctx.setLineDash([7, 4]);
  for (const points of cuts.values()) {
    points.sort((a, b) => a[1] - b[1]);
    ctx.beginPath(); ctx.moveTo(points[0][0], points[0][1] - 22);
    for (const [px, py] of points) ctx.lineTo(px, py);
    ctx.lineTo(points.at(-1)[0], points.at(-1)[1] + 22); ctx.stroke();
  }
  ctx.setLineDash([]);
}

const MOMENT = ["♛ ", "✓ ", "✂ "], momentInk = ["gold", "good", "accent"];
function drawHighlights(w, crowded) {
  drawRecorded();
  ctx.font = ink.small;
  const lastX = new Float64Array(D.lanes.length).fill(-1e9);
  for (let k = lowerBound(highlightList, vis[Math.max(0, firstAt(GUTTER) - 1)] ?? 0); k < highlightList.length; k++) {
    const i = highlightList[k];
    if (screenX(i) > w) break;
    if (y(i) < 0 || !isShown(i)) continue;
    const [kind, said] = highlights.get(i), sx = screenX(i), sy = y(i), color = ink[momentInk[kind]], lane = E.lane[i];
    ctx.strokeStyle = ctx.fillStyle = color; ctx.lineWidth = 2;
    if (crowded) { if (kind === 0) ctx.fillRect(sx - 1, sy - 14, 3, 28); continue; }
    ctx.beginPath(); ctx.arc(sx, sy, 8, 0, 7); ctx.stroke();
    const words = MOMENT[kind] + text(said), long = ctx.measureText(words).width;
    if (sx < lastX[lane]) continue;
    ctx.fillStyle = ink.card; ctx.globalAlpha = .82; ctx.fillRect(sx - 2, sy - 22, long + 4, 12); ctx.globalAlpha = 1;
    ctx.fillStyle = color; ctx.fillText(words, sx, sy - 12);
    lastX[lane] = sx + long + 6;
  }
}

// What is cut by turns carries messages in between: slanted stripes, which stay where they are when the page scrolls.
function band(left, right, top, color, striped) {
  ctx.fillStyle = ctx.strokeStyle = color;
  if (!striped) { ctx.fillRect(left, top, Math.max(1, right - left), LANE); return; }
  ctx.save(); ctx.beginPath(); ctx.rect(left, top, right - left, LANE); ctx.clip();
  ctx.lineWidth = 6; ctx.beginPath();
  for (let s = left - LANE - ((left - LANE + top + port.left) % 16 + 16) % 16; s < right + LANE; s += 16) { ctx.moveTo(s, top + LANE); ctx.lineTo(s + LANE, top); }
  ctx.stroke(); ctx.restore();
}

function flag(i, color, words, w) {
  const sx = screenX(i);
  if (sx < GUTTER - 2 || sx > w) return;
  ctx.strokeStyle = color; ctx.lineWidth = 1.5;
  ctx.beginPath(); ctx.moveTo(sx, TOP - 4); ctx.lineTo(sx, height); ctx.stroke();
  ctx.font = ink.small; ctx.fillStyle = color;
  const long = ctx.measureText(words).width, left = Math.min(sx, w - long - 12);
  ctx.fillRect(left, height - 8, long + 10, 15); ctx.fillStyle = ink.card; ctx.fillText(words, left + 5, height + 3);
}

function drawMarks(w, h) {
  if (D.loopsTo >= 0) flag(D.loopsTo, ink.warn, "from here on for ever", w);
  if (brokenAt >= 0) {
    flag(brokenAt, ink.bad, "✗ " + D.violation.property, w);
    for (const [sx, sy] of spotsOf(brokenAt)) { ctx.strokeStyle = ink.bad; ctx.lineWidth = 2.5; ctx.beginPath(); ctx.arc(sx, sy, 11, 0, 7); ctx.stroke(); }
  }
  if (view.chosen >= 0) {
    const sx = screenX(view.chosen);
    ctx.strokeStyle = ink.accent; ctx.globalAlpha = .5; ctx.lineWidth = 1;
    ctx.beginPath(); ctx.moveTo(sx, 18); ctx.lineTo(sx, height); ctx.stroke(); ctx.globalAlpha = 1;
    for (const [cx, cy] of spotsOf(view.chosen)) { ctx.strokeStyle = ink.ink; ctx.lineWidth = 2; ctx.beginPath(); ctx.arc(cx, cy, 9, 0, 7); ctx.stroke(); }
  }
}

function drawGutter(h) {
  ctx.fillStyle = ink.card; ctx.fillRect(0, 0, GUTTER, h);
  ctx.strokeStyle = ink.line; ctx.lineWidth = 1; ctx.beginPath(); ctx.moveTo(GUTTER - .5, 0); ctx.lineTo(GUTTER - .5, h); ctx.stroke();
  ctx.fillStyle = ink.soft; ctx.font = ink.small;
  ctx.fillText(isSteps ? "step" : view.byTime ? "time" : "event", 14, 12);
  if (hasFaults) ctx.fillText("faults", 14, TOP - 7);
  let node = -1;
  D.lanes.forEach((lane, i) => {
    if (laneY[i] < 0) return;
    const last = !D.lanes.some((other, k) => k > i && other[0] === lane[0]);
    if (lane[0] !== node) {
      node = lane[0];
      const count = lanesOfNode[node].length;
      ctx.fillStyle = ink.accent; ctx.fillRect(0, laneY[i] - LANE / 2 + 4, 3, LANE * count - 8);
      ctx.fillStyle = ink.ink; ctx.font = "600 13px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
      const middle = laneY[i] + (count - 1) * LANE / 2, long = ctx.measureText(D.nodes[node]).width;
      if (long <= 40 || long > LANE * count - 12) ctx.fillText(clip(D.nodes[node], 40), 12, middle + 4);
      else { ctx.save(); ctx.translate(20, middle + long / 2); ctx.rotate(-Math.PI / 2); ctx.fillText(D.nodes[node], 0, 0); ctx.restore(); }
    }
    ctx.fillStyle = ink.soft; ctx.font = ink.font; ctx.textAlign = "right";
    ctx.fillText(clip(lane[1], 74), GUTTER - 8, laneY[i] + 4); ctx.textAlign = "left";
  });
}

function clip(said, room) {
  if (ctx.measureText(said).width <= room) return said;
  while (said.length > 1 && ctx.measureText(said + "…").width > room) said = said.slice(0, -1);
  return said + "…";
}

// The event at a point of the canvas; -1 for none near.
function eventAt(px, py) {
  let best = -1, least = 196;
  for (let k = firstAt(px - 16); k < vis.length && screenX(vis[k]) < px + 16; k++) {
    for (const [sx, sy] of spotsOf(vis[k])) {
      const d = (sx - px) ** 2 + (sy - py) ** 2;
      if (d < least) { least = d; best = vis[k]; }
    }
  }
  return best >= 0 ? best : messageAt(px, py);
}

// The receipt, or else the sending, of the message whose arrow is at a point.
function messageAt(px, py) {
  const k = Math.min(vis.length - 1, firstAt(px));
  if (k < 0) return -1;
  let best = -1, least = 5;
  for (const m of messagesIn[vis[k] >> 7]) {
    const line = lineOf(m);
    if (!line) continue;
    const [x0, y0, x1, y1] = line, long = Math.hypot(x1 - x0, y1 - y0) || 1;
    const along = ((px - x0) * (x1 - x0) + (py - y0) * (y1 - y0)) / long, off = Math.abs((px - x0) * (y1 - y0) - (py - y0) * (x1 - x0)) / long;
    if (along > 0 && along < long && off < least) { least = off; best = M.to[m] >= 0 ? M.to[m] : M.from[m]; }
  }
  return best;
}
