// The data, and what follows from it: lanes, causes, states.
const D = JSON.parse(document.getElementById("data").textContent);
const E = D.events, M = D.messages, N = E.at.length;
for (const name of Object.keys(E)) E[name] = name === "at" ? Float64Array.from(E[name]) : Int32Array.from(E[name]);
for (const name of Object.keys(M)) M[name] = name === "sent" ? Float64Array.from(M[name]) : Int32Array.from(M[name]);
const text = i => i < 0 ? "" : D.texts[i];
const kindOf = i => D.kinds[E.kind[i]];
const isSteps = D.source === "checker";
const lanesOfNode = D.nodes.map((_, node) => D.lanes.flatMap((lane, i) => lane[0] === node ? [i] : []));
const laneName = i => i < 0 ? "outside" : D.nodes[D.lanes[i][0]] + "/" + D.lanes[i][1];
const allLanes = D.lanes.map((_, i) => i);
const between = new Set([D.kinds.indexOf("drop"), D.kinds.indexOf("duplicate")]);
// Where a reader looks first: what never comes true is false after no single event.
const brokenAt = D.violation ? D.violation.event : -1;
const lookAt = !D.violation ? -1 : brokenAt >= 0 ? brokenAt : D.loopsTo >= 0 ? D.loopsTo : N - 1;
const hasFaults = E.kind.includes(D.kinds.indexOf("fault"));
const DROP = D.kinds.indexOf("drop"), STEP = D.kinds.indexOf("step"), BOOT = D.kinds.indexOf("boot"), CRASH = D.kinds.indexOf("crash");

// Each event in one table of what is sparse.
const sparse = rows => new Map(rows.map(row => [row[0], row.slice(1)]));
const notes = sparse(D.notes), changes = sparse(D.changes), highlights = sparse(D.highlights);
const highlightList = D.highlights.map(row => row[0]);

// Messages by their sending turn: first[i] to first[i + 1] of byTurn.
const first = new Int32Array(N + 1);
for (const from of M.from) first[from + 1]++;
for (let i = 0; i < N; i++) first[i + 1] += first[i];
const byTurn = new Int32Array(M.from.length);
{
  const next = first.slice();
  for (let m = 0; m < M.from.length; m++) byTurn[next[M.from[m]]++] = m;
}
const messagesOf = i => byTurn.subarray(first[i], first[i + 1]);

// The lanes on which an event comes between those before and after it. What the network does stands on none.
function ordered(i) {
  const lane = E.lane[i];
  if (E.kind[i] === STEP) return allLanes;
  if (between.has(E.kind[i])) return [];
  return lane >= 0 ? [lane] : lane <= -2 ? lanesOfNode[-2 - lane] : [];
}

// Happened-before (Lamport 1978): the order on a lane, and from each sending to its receipt. 1 past, 2 future, 0 concurrent, 3 itself.
function causality(chosen) {
  const mark = new Uint8Array(N), hot = new Uint8Array(D.lanes.length);
  const touch = i => { for (const lane of ordered(i)) hot[lane] = 1; };
  const isHot = i => { for (const lane of ordered(i)) if (hot[lane]) return true; return false; };
  for (let i = chosen; i >= 0; i--) {
    if (i !== chosen && !mark[i] && !isHot(i)) continue;
    mark[i] = 1;
    touch(i);
    if (E.cause[i] >= 0) mark[E.cause[i]] = 1;
  }
  hot.fill(0);
  touch(chosen);
  for (let i = chosen + 1; i < N; i++) {
    const cause = E.cause[i];
    if (isHot(i) || (cause >= 0 && (cause === chosen || mark[cause] === 2))) {
      mark[i] = 2;
      touch(i);
    }
  }
  mark[chosen] = 3;
  return mark;
}

// States: a map from path to value, put together from the changes since the last boot. A model has one state for all lanes.
const stateKey = i => E.kind[i] === STEP ? "shared" : E.lane[i];
const changesByKey = new Map();
for (const [i] of D.changes) {
  const key = stateKey(i);
  if (!changesByKey.has(key)) changesByKey.set(key, []);
  changesByKey.get(key).push(i);
}
const stateMemo = { key: null, place: -1, state: null };

function apply(state, i) {
  if (E.kind[i] === BOOT) state.clear();
  const list = changes.get(i);
  for (let c = 0; c < list.length; c += 2) {
    if (list[c + 1] < 0) state.delete(list[c]); else state.set(list[c], list[c + 1]);
  }
}

// What the lane of an event looks like before it; null where nothing is known.
function stateBefore(i) {
  const key = stateKey(i), list = changesByKey.get(key);
  if (!list) return null;
  let end = lowerBound(list, i), start = end;
  while (start > 0 && E.kind[list[start - 1]] !== BOOT) start--;
  if (start > 0) start--;
  let state = new Map();
  if (stateMemo.key === key && stateMemo.place >= start && stateMemo.place <= end) {
    start = stateMemo.place;
    state = stateMemo.state;
  }
  for (let k = start; k < end; k++) apply(state, list[k]);
  Object.assign(stateMemo, { key, place: end, state });
  return new Map(state);
}

function stateAfter(i, before) {
  const state = new Map(before ?? []);
  if (changes.has(i)) apply(state, i);
  return state;
}

// The first place in a sorted list whose value is not below.
function lowerBound(list, value) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

const typeOf = i => E.message[i] >= 0 ? M.type[E.message[i]] : -1;

function timeText(at) {
  if (isSteps) return "step " + at;
  return at >= 1e6 ? (at / 1e6).toFixed(at % 1000 ? 6 : 3) + " s" : at >= 1000 ? (at / 1000).toFixed(3) + " ms" : at + " µs";
}

function spanText(micros) {
  return micros >= 1e6 ? (micros / 1e6).toFixed(2) + " s" : micros >= 1000 ? (micros / 1000).toFixed(micros < 1e4 ? 1 : 0) + " ms" : micros + " µs";
}

// A word or two for the diagram itself.
function label(i) {
  const said = text(E.text[i]);
  switch (kindOf(i)) {
    case "deliver": return E.message[i] >= 0 ? text(M.type[E.message[i]]) : wordOf(said);
    case "operation": return wordOf(said);
    case "expire": return said;
    case "step": return said.includes(": ") ? said.slice(said.indexOf(": ") + 2) : said;
    case "drop": case "duplicate": return "";
    default: return kindOf(i);
  }
}

const wordOf = said => said.split(/[ {(]/, 1)[0];

// What happened, in words.
function sentence(i) {
  const said = text(E.text[i]);
  const letter = E.message[i] >= 0 ? text(M.text[E.message[i]]) : "";
  switch (kindOf(i)) {
    case "deliver": return "receives " + said + " from " + laneName(E.peer[i]);
    case "operation": return "is asked for " + said;
    case "expire": return "timer " + said + " expires";
    case "drop": return said + ": " + letter + " to " + laneName(E.peer[i]);
    case "duplicate": return letter + " to " + laneName(E.peer[i]) + " gets a second copy";
    case "boot": return "boots" + (said ? ": " + said : "");
    case "crash": return "crashes" + (said ? ": " + said : "");
    case "stop": return "stops" + (said ? ": " + said : "");
    case "restart": return "restarts";
    case "pause": return "pauses";
    case "resume": return "goes on";
    case "send": return "sends " + said;
    default: return said;
  }
}

const placeName = i => E.lane[i] >= 0 ? laneName(E.lane[i]) : E.lane[i] <= -2 ? D.nodes[-2 - E.lane[i]] : E.kind[i] === STEP ? "" : "network";
