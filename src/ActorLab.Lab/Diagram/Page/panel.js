// The panel: all that is known of the chosen event.
const panel = document.getElementById("panel");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "click") element.addEventListener("click", value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

const link = (i, words) => make("button", { type: "button", class: "link", click: () => choose(i, true) }, words);
const section = (title, ...children) => [make("h3", {}, title), ...children];

function showPanel() {
  const i = view.chosen;
  if (i < 0) {
    panel.replaceChildren(make("h2", {}, "No event is chosen"), make("p", { class: "hint" }, "Click an event, or step with the arrow keys. Its cause, its effects and what it changed are told here; what it knows of is shaded in the diagram."));
    return;
  }
  const parts = [
    make("h2", {}, placeName(i) ? placeName(i) + " " : "", make("span", { class: "kind" }, kindOf(i))),
    make("p", { class: "when" }, `${timeText(E.at[i])}, event ${i + 1} of ${N}${numberText(i)}`),
  ];
  if (brokenAt === i) parts.push(make("span", { class: "badge bad" }, "✗ " + D.violation.property + " is false from here on"));
  if (highlights.has(i)) { const [kind, said] = highlights.get(i); parts.push(make("span", { class: "badge " + momentInk[kind] }, MOMENT[kind] + text(said))); }
  parts.push(make("p", { class: "what mono" }, sentence(i)));
  if (notes.has(i)) parts.push(...section("it noted", make("ul", {}, ...notes.get(i).map(note => make("li", {}, text(note))))));
  if (E.cause[i] >= 0) parts.push(...section("caused by", link(E.cause[i], `${placeName(E.cause[i])} ${sentence(E.cause[i])}`)));
  const sent = messagesOf(i);
  if (sent.length) parts.push(...section(sent.length === 1 ? "sent" : "sent " + sent.length, make("ul", {}, ...Array.from(sent, sending))));
  parts.push(...statePart(i), ...shadePart(i));
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
}

function sending(m) {
  const words = `${text(M.text[m])} to ${laneName(M.lane[m])}`;
  const fate = M.to[m] < 0 ? "still under way" : M.lost[m] ? "lost" : isSteps ? "received at step " + E.at[M.to[m]] : "received after " + spanText(E.at[M.to[m]] - M.sent[m]);
  return make("li", {}, M.to[m] >= 0 ? link(M.to[m], words) : words, make("span", { class: "hint" }, " " + fate));
}

const MOST_ROWS = 150;
let changedOnly = false, allRows = false;
function statePart(i) {
  const before = stateBefore(i);
  if (!changes.has(i) && (before === null || E.lane[i] < 0)) return [];
  const after = stateAfter(i, before), was = E.kind[i] === BOOT ? new Map() : before ?? new Map();
  const paths = [...new Set([...was.keys(), ...after.keys()])];
  const isChanged = path => was.get(path) !== after.get(path);
  const count = paths.filter(isChanged).length, isFirst = was.size === 0;
  paths.sort((a, b) => isChanged(b) - isChanged(a) || byPath(text(a), text(b)));
  const wanted = paths.filter(path => !changedOnly || isChanged(path)), rest = allRows ? 0 : Math.max(0, wanted.length - MOST_ROWS);
  const rows = wanted.slice(0, wanted.length - rest).map(path => {
    const a = was.get(path), b = after.get(path), changed = isChanged(path) && !isFirst;
    const old = a === undefined ? "" : text(a), now = b === undefined ? "" : text(b);
    const name = make("td", {}, ...broken(text(path) || "state"));
    return changed
      ? make("tr", { class: "changed" }, name, make("td", {}, old ? make("del", {}, old) : "—"), make("td", {}, now ? make("ins", {}, now) : "—"))
      : make("tr", {}, name, make("td", { colspan: 2 }, now));
  });
  const box = make("input", { type: "checkbox", id: "changed-only", click: () => { changedOnly = box.checked; showPanel(); } });
  box.checked = changedOnly;
  return section(isFirst ? "state, as it begins" : count === 0 ? "state, unchanged" : `state, ${count} changed`,
    make("label", { class: "hint" }, box, " changed fields only"),
    make("table", { class: "state" }, make("thead", {}, make("tr", {}, make("th", {}, "field"), make("th", {}, "before"), make("th", {}, "after"))), make("tbody", {}, ...rows)),
    rest ? make("button", { type: "button", class: "link", click: () => { allRows = true; showPanel(); } }, `show ${rest} more fields`) : "");
}

// A path may go on in the next line after a dot.
const broken = path => path.split(/(?<=[.])/).flatMap((part, i) => i ? [document.createElement("wbr"), part] : [part]);

const collator = new Intl.Collator("en", { numeric: true });
const byPath = (a, b) => collator.compare(a, b);

function shadePart(i) {
  if (!view.mark) return [];
  const counts = [0, 0, 0, 0];
  for (let k = 0; k < N; k++) counts[view.mark[k]]++;
  return section("causality", make("p", { class: "what" }, make("b", { class: "past" }, counts[1] + " before it"), ", ", make("b", { class: "future" }, counts[2] + " after it"), `, ${counts[0]} concurrent`));
}
