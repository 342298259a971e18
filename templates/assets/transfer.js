// Export, import with a preview, reset, and undo. Fetched when a reader uses one of them.

import { loadSite, loadTrack } from "./curriculum.js";
import { button, make, plural, words } from "./dom.js";
import { after, merge, nothing, pick, plain, VERSION, wins } from "./store.js";

/** @typedef {import("./store.js").Kept} Kept */
/** @typedef {{store: import("./store.js").Store, say: (text: string) => void, repaint: () => void}} Page */

const LARGEST = 5 * 1024 * 1024; // bytes; browsers store about as much in all
const LONGEST_KEY = 400; // characters
const MOST_ROWS = 200;
const KINDS = /** @type {const} */ (["ticks", "choices"]);
const SHAPES = { ticks: /^[^/]+\/[^/]+\/[^/]+$/, choices: /^[^/]+\/[^/]+$/ };

// ------------------------------------------------------------------------------------- export

/** @param {Page} page */
export function exportAll({ store, say }) {
  store.refresh();
  const file = { curriculum: store.id, exported: new Date().toISOString(), ...plain(store.kept) };
  const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: "application/json" }));
  make("a", { href: url, download: `${store.id}-progress-${today()}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it only after a while
  say("Progress exported to a file.");
}

function today() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// ------------------------------------------------------------------------------------- import

/** Says in a reader's words why a file can't be used. */
class Unusable extends Error {}

const isKey = (kind, key) => key.length <= LONGEST_KEY && SHAPES[kind].test(key);

/** @param {File} file @param {string} id the curriculum's */
async function readExport(file, id) {
  if (file.size > LARGEST) throw new Unusable("This file is larger than 5 MB, so it can't be an export of progress.");
  let value;
  try {
    value = JSON.parse(await file.text());
  } catch {
    throw new Unusable("This file can't be read: it is not an export of progress.");
  }
  if (typeof value?.ticks !== "object" || typeof value.curriculum !== "string")
    throw new Unusable("This file holds no progress.");
  if (value.curriculum !== id)
    throw new Unusable(`This file holds progress of another curriculum, “${value.curriculum.slice(0, 80)}”.`);
  if (value.v !== VERSION) throw new Unusable("This file comes from a newer version of this site. Reload the page, and try again.");
  return { ...clean(pick(value)), exported: new Date(value.exported) };
}

/** Drops keys that no tick can have, and brings times from the future down to now. */
function clean({ kept, faults }) {
  const now = Date.now();
  const good = nothing();
  for (const kind of KINDS)
    for (const [key, [value, time]] of kept[kind])
      if (isKey(kind, key)) good[kind].set(key, [value, Math.min(time, now)]);
      else faults++;
  return { kept: good, faults };
}

/** What of a file wins over what is kept, entry by entry. */
function news(kept, current) {
  const change = nothing();
  for (const kind of KINDS)
    for (const [key, entry] of kept[kind]) if (wins(entry, current[kind].get(key))) change[kind].set(key, entry);
  return change;
}

/** The entries of a change that a reader would see. */
function* visible(change, current) {
  for (const kind of KINDS)
    for (const [key, [value]] of change[kind]) {
      const before = current[kind].get(key)?.[0] || "";
      if (String(value || "") !== String(before)) yield { kind, key, value };
    }
}

/** Names what the keys stand for; a name is missing for what this curriculum does not have. */
async function loadNames(keys) {
  const wanted = new Set(keys.map((key) => key.split("/", 1)[0]));
  const { tracks } = await loadSite();
  const loaded = await Promise.all(tracks.filter((card) => wanted.has(card.id)).map((card) => loadTrack(card.id)));
  const names = new Map();
  for (const track of loaded) for (const place of track.places) namePlace(names, track, place);
  return names;
}

function namePlace(names, track, place) {
  const title = [place.label, place.title].filter(Boolean).join(": ");
  const where = `${track.short || track.title}, ${title}`;
  for (const [id, text] of place.items) names.set(`${track.id}/${place.id}/${id}`, { text, where });
  for (const branch of place.branches ?? [])
    names.set(`${track.id}/${place.phase || place.id}=${branch.id}`, { text: branch.title, where });
}

function nameOf(names, { kind, key, value }) {
  return names.get(kind === "ticks" ? key : `${key}=${value}`);
}

function verbOf({ kind, value }) {
  if (kind === "choices") return value ? "Choose" : "Choose none";
  return value ? "Tick" : "Untick";
}

const VERBS = ["Tick", "Untick", "Choose", "Choose none", "Keep"];

/** The rows of the preview, in the order of VERBS. `names` is undefined where they can't be had. */
function rowsOf(entries, names) {
  const rows = entries.map((entry) => {
    const name = names && nameOf(names, entry);
    const isUnknown = names && !name && entry.value;
    return { verb: isUnknown ? "Keep" : verbOf(entry), text: name?.text ?? entry.key, where: name?.where ?? "" };
  });
  return rows.sort((a, b) => VERBS.indexOf(a.verb) - VERBS.indexOf(b.verb));
}

/** "12 to tick, 1 to untick" */
function summary(rows) {
  const label = { Tick: "to tick", Untick: "to untick", Choose: "to choose", "Choose none": "to take back", Keep: "that this site does not have now, to keep" };
  const counts = VERBS.map((verb) => [verb, rows.filter((row) => row.verb === verb).length]);
  return counts.flatMap(([verb, n]) => (n ? [`${n.toLocaleString("en")} ${label[verb]}`] : [])).join(", ");
}

function table(rows) {
  const head = ["Change", "Item"].map((text) => make("th", { scope: "col" }, text));
  const body = rows
    .slice(0, MOST_ROWS)
    .map(({ verb, text, where }) =>
      make("tr", {}, make("td", {}, verb), make("td", {}, words(text), " ", make("small", {}, words(where)))),
    );
  return make("table", { className: "rm-changes" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}

function exportedOn(date) {
  return Number.isNaN(date.getTime()) ? "" : `Exported on ${date.toLocaleDateString("en", { dateStyle: "long" })}. `;
}

/**
 * Shows what importing the chosen file would change.
 * @param {Page} page
 * @param {HTMLInputElement} input
 */
export async function previewImport(page, input) {
  const [file] = input.files;
  input.value = ""; // so that the same file can be chosen again
  const region = document.querySelector("[data-import-preview]");
  if (!file || !region) return;
  const close = () => {
    region.hidden = true;
    region.replaceChildren();
    input.focus();
  };
  let content;
  try {
    content = await describeImport(page, await readExport(file, page.store.id), close);
  } catch (error) {
    const text = error instanceof Unusable ? error.message : "This file can't be read.";
    content = [make("p", { className: "rm-error" }, text), buttons(button("Close", close))];
  }
  region.replaceChildren(...content);
  region.hidden = false;
  region.focus();
}

const buttons = (...all) => make("p", { className: "rm-buttons" }, ...all.flatMap((one) => [one, " "]));

async function describeImport(page, { kept, faults, exported }, close) {
  page.store.refresh();
  const current = page.store.kept;
  const entries = [...visible(news(kept, current), current)];
  const names = await loadNames(entries.map((entry) => entry.key)).catch(() => undefined);
  const rows = rowsOf(entries, names);
  const content = [make("p", {}, exportedOn(exported), rows.length ? `${summary(rows)}.` : "It holds nothing new: all of it is here already.")];
  if (faults) content.push(make("p", {}, `${plural(faults, "entry").replace("entrys", "entries")} can't be read and will be left out.`));
  if (!names) content.push(make("p", {}, "The names of the items could not be loaded."));
  if (rows.length) content.push(table(rows));
  if (rows.length > MOST_ROWS) content.push(make("p", {}, `and ${(rows.length - MOST_ROWS).toLocaleString("en")} more.`));
  const apply = button("Apply", () => applyImport(page, kept, summary(rows), close), "md-button md-button--primary");
  content.push(rows.length ? buttons(apply, button("Cancel", close)) : buttons(button("Close", close)));
  return content;
}

function applyImport(page, kept, text, close) {
  page.store.refresh(); // other tabs may have gone on meanwhile
  close();
  change(page, news(kept, page.store.kept), `Imported: ${text}.`, "[data-import]");
}

// ------------------------------------------------------------------------------ reset and undo

/**
 * @param {Page} page
 * @param {HTMLButtonElement} reset
 */
export function resetTrack(page, reset) {
  const { store } = page;
  store.refresh();
  const wiped = nothing();
  for (const kind of KINDS)
    for (const [key, entry] of store.kept[kind])
      if (entry[0] && key.startsWith(`${reset.dataset.reset}/`)) wiped[kind].set(key, [kind === "ticks" ? 0 : "", after(entry)]);
  const title = reset.getAttribute("aria-label") ?? "Reset";
  change(page, wiped, `${title}: ${plural(wiped.ticks.size, "tick")} taken away.`, `[data-reset="${CSS.escape(reset.dataset.reset)}"]`);
}

/** Makes a change that can be undone; the focus then goes back to what `origin` selects. */
function change(page, made, text, origin) {
  const before = entriesBefore(page.store.kept, made);
  page.store.change(made);
  page.repaint();
  const region = document.querySelector("[data-undo]");
  if (!region) return page.say(text);
  const row = make("p", { className: "rm-undo", tabIndex: -1 }, make("span", {}, text), " ");
  const leave = () => {
    row.remove();
    document.querySelector(origin)?.focus();
  };
  const undo = () => {
    takeBack(page, made, before);
    leave();
    page.say("Undone.");
  };
  row.append(button("Undo", undo), " ", button("Dismiss", leave));
  region.append(row);
  row.focus(); // not the button: a key held down would press it
}

function entriesBefore(kept, made) {
  const before = nothing();
  for (const kind of KINDS) for (const key of made[kind].keys()) before[kind].set(key, kept[kind].get(key));
  return before;
}

/** Restores what a change replaced, except what was changed again since. */
function takeBack({ store, repaint }, made, before) {
  store.refresh();
  const restored = nothing();
  for (const kind of KINDS)
    for (const [key, [value, time]] of made[kind]) {
      const now = store.kept[kind].get(key);
      if (now?.[0] === value && now[1] === time) restored[kind].set(key, before[kind].get(key));
    }
  store.change(restored);
  repaint();
}
