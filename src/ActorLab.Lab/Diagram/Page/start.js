// Everything in its place, and the first frame.
function showHead() {
  $("title").textContent = D.title;
  const span = N ? E.at.reduce((most, at) => Math.max(most, at), 0) : 0;
  $("summary").textContent = [
    { checker: "model checker", simulator: "simulator", cluster: "cluster" }[D.source], `${N.toLocaleString("en")} events`,
    `${M.from.length.toLocaleString("en")} messages`, isSteps ? `${span} steps` : spanText(span), ...D.remarks].join(" · ");
  if (D.command) {
    $("again").hidden = false;
    $("command").textContent = D.command;
    $("command").title = D.command;
    $("copy").addEventListener("click", copy);
  }
  if (D.violation) showViolation(D.violation);
}

async function copy() {
  try { await navigator.clipboard.writeText(D.command); } catch {
    const range = document.createRange();
    range.selectNodeContents($("command"));
    getSelection().removeAllRanges(); getSelection().addRange(range);
    document.execCommand("copy");
  }
  $("copy").textContent = "copied";
  setTimeout(() => { $("copy").textContent = "copy"; }, 1500);
}

function showViolation(broken) {
  $("violation").hidden = false;
  $("property").textContent = broken.property;
  $("claim").textContent = broken.claim;
  $("reason").textContent = broken.reason;
  $("jump").addEventListener("click", jump);
  const some = broken.facts.some(fact => fact[3]);
  $("facts").hidden = !broken.facts.length;
  $("facts").open = broken.facts.length > 0 && broken.facts.length <= 8;
  $("facts").querySelector("summary").textContent = `${broken.facts.length} values` + (some ? ", bold ones make it false" : "");
  $("fact-list").append(make("table", {}, make("tbody", {}, ...[...broken.facts].sort((a, b) => b[3] - a[3]).map(([of, path, value, matters]) =>
    make("tr", { class: matters ? "matters" : null }, make("td", {}, of), make("td", {}, path), make("td", {}, value))))));
}

// What #event= means: on the page of a simulated run the number that lab replay gives. Events that the page folds into another
// (a sending, a note) open the one before them.
function placeOf(number) {
  if (!isNumbered) return number - 1;
  let found = -1;
  for (let i = 0; i < N; i++) if (E.index[i] <= number && (found < 0 || E.index[i] > E.index[found])) found = i;
  return found;
}

const jump = () => lookAt >= 0 && choose(lookAt, true);

function showLegend() {
  const shapes = {
    receipt: '<circle cx="7" cy="7" r="4" fill="var(--deliver)"/>', timer: '<path d="M7 1 13 7 7 13 1 7z" fill="var(--expire)"/>',
    operation: '<rect x="3" y="3" width="8" height="8" fill="var(--operation)"/>', boot: '<circle cx="7" cy="7" r="4" fill="none" stroke="var(--boot)" stroke-width="2"/>',
    crash: '<path d="M2 2 12 12M12 2 2 12" stroke="var(--crash)" stroke-width="2.5"/>', stop: '<rect x="3" y="3" width="8" height="8" fill="none" stroke="var(--soft)" stroke-width="2"/>', "lost message": '<path d="M0 2 8 8" stroke="var(--message)" stroke-width="1.5" stroke-dasharray="3 1.6"/><path d="M6.5 6.5 12.5 12.5M12.5 6.5 6.5 12.5" stroke="var(--crash)" stroke-width="1.8"/>',
    fault: '<path d="M7 12 12 3 2 3z" fill="var(--fault)"/>', "♛ election": "", "✓ decision": "", "✂ recorded state": "",
    // Of the chosen event: colours of whatever shape.
    "its past": '<rect y="4" width="14" height="6" rx="2" fill="var(--past)"/>', "its future": '<rect y="4" width="14" height="6" rx="2" fill="var(--future)"/>', concurrent: '<rect y="4" width="14" height="6" rx="2" fill="var(--concurrent)"/>',
  };
  for (const [name, drawn] of Object.entries(shapes)) {
    const item = make("li", { class: name === "its past" && "of" });
    if (name === "its past") item.append("with an event chosen: ");
    if (drawn) item.insertAdjacentHTML("beforeend", `<svg viewBox="0 0 14 14" aria-hidden="true">${drawn}</svg>`);
    item.append(name);
    $("legend").append(item);
  }
}

const keys = {
  ArrowRight: () => step(1), n: () => step(1), ArrowLeft: () => step(-1), p: () => step(-1), ArrowUp: () => stepLane(-1), ArrowDown: () => stepLane(1),
  Home: () => { choose(-1); step(1); }, End: () => { choose(-1); step(-1); }, j: jump, " ": () => play(), "+": () => zoomTo(view.zoom * 1.4), "=": () => zoomTo(view.zoom * 1.4),
  "-": () => zoomTo(view.zoom / 1.4), 0: () => zoomTo(fitZoom()), t: () => setAxis(!view.byTime), i: () => setIdle(!view.collapse), c: () => setCausal(!view.causal),
  h: () => step(1, i => highlights.has(i)), f: () => openFilters(), "?": () => $("help-sheet").showModal(), Escape: () => $("filters").hidden ? choose(-1) : openFilters(false),
};

function listen() {
  document.addEventListener("keydown", event => {
    // In the filter the keys are those of its boxes and buttons; only Escape leaves it.
    if (event.target.closest?.("#filters") && event.key !== "Escape") return;
    const own = event.target.closest?.("select, textarea, dialog[open], summary") || (event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter"))
      || (event.target.type === "checkbox" && event.key === " ");
    if (event.ctrlKey || event.metaKey || event.altKey || own || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const on = (id, act) => $(id).addEventListener("click", act);
  on("first", keys.Home); on("previous", () => step(-1)); on("play", () => play()); on("next", () => step(1)); on("last", keys.End);
  on("axis", () => setAxis(!view.byTime)); on("idle", () => setIdle(!view.collapse)); on("causality", () => setCausal(!view.causal));
  on("zoom-in", () => zoomTo(view.zoom * 1.4)); on("zoom-out", () => zoomTo(view.zoom / 1.4)); on("zoom-fit", () => zoomTo(fitZoom())); on("help", keys["?"]); on("filter", () => openFilters());
  $("speed").addEventListener("change", () => timer && play(true));
  scrub.addEventListener("input", () => choose(+scrub.value, true));
  scroller.addEventListener("scroll", () => { look(); redraw(); drawOverview(); }, { passive: true });
  scroller.addEventListener("wheel", event => {
    if (event.ctrlKey) { event.preventDefault(); zoomTo(view.zoom * Math.exp(-event.deltaY / 300), event.offsetX); }
    else if (!event.shiftKey && !event.deltaX && scroller.scrollHeight <= scroller.clientHeight + 2) { event.preventDefault(); scrollToX(port.left + event.deltaY); }
  }, { passive: false });
  canvas.addEventListener("click", event => { const i = event.offsetX < GUTTER ? -1 : eventAt(event.offsetX, event.offsetY); choose(i); });
  canvas.addEventListener("mousemove", hover);
  canvas.addEventListener("mouseleave", () => { tip.hidden = true; });
  overview.addEventListener("pointerdown", event => { overview.setPointerCapture(event.pointerId); moveOverview(event); });
  overview.addEventListener("pointermove", event => { if (event.buttons) moveOverview(event); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readInk(); redraw(); drawOverview(); });
  let size = "";
  new ResizeObserver(() => {
    const now = `${stage.clientWidth},${stage.clientHeight}`;
    if (now !== size) { size = now; relayout(); }
  }).observe(stage);
}

function hover(event) {
  const i = event.offsetX < GUTTER || (firstAt(event.offsetX + 16) - firstAt(event.offsetX - 16)) > 400 ? -1 : eventAt(event.offsetX, event.offsetY);
  tip.hidden = i < 0;
  if (i < 0) return;
  tip.textContent = `${timeText(E.at[i])}  ${placeName(i)} ${sentence(i)}`.slice(0, 240);
  tip.style.left = Math.min(event.offsetX + 14, stage.clientWidth - tip.offsetWidth - 8) + "px";
  tip.style.top = Math.min(event.offsetY - scroller.scrollTop + 14, stage.clientHeight - tip.offsetHeight - 8) + "px";
}

readInk();
showHead();
showLegend();
filterBoxes($("node-filter"), "nodes", D.nodes.map((name, i) => [i, name]), view.offNodes);
filterBoxes($("type-filter"), "messages", [...new Set(M.type)].sort((a, b) => text(a).localeCompare(text(b))).map(type => [type, text(type)]), view.offTypes);
if (isSteps) { $("axis").hidden = true; $("idle").hidden = true; }
press("axis", view.byTime);
layout();
resize();
view.zoom = Math.min(isSteps ? 6 : 2.4, Math.max(fitZoom(), isSteps ? 2.2 : 1));
relayout(false);
listen();
const asks = new URLSearchParams(location.hash.slice(1));
const wanted = asks.has("event") ? placeOf(+asks.get("event")) : lookAt;
choose(wanted >= 0 && wanted < N ? wanted : -1, true);
if (!asks.has("event") && wanted < 0) scrollToX(0);
// For those who drive the page from outside: what is chosen, where an event is, how long frames took.
window.diagram = {
  get chosen() { return view.chosen; }, get shown() { return vis.length; }, get zoom() { return view.zoom; }, get frames() { return frames.slice(); }, get playing() { return timer !== 0; },
  count: N, choose, mark: i => view.mark ? view.mark[i] : -1, kind: kindOf, lane: i => laneName(E.lane[i]), sentence,
  pointOf: i => { const [sx, sy] = spotsOf(i)[0], box = canvas.getBoundingClientRect(); return { x: box.left + sx, y: box.top + sy }; },
  draw: () => { const began = performance.now(); draw(); return performance.now() - began; },
};
requestAnimationFrame(() => requestAnimationFrame(() => { window.diagram.openedAfter = performance.now(); }));
