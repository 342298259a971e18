// Export to a file, and import from one with a preview. Fetched when a reader uses one of them.

import { button, plural } from "./controls.js";
import { loadSite, loadTrack, titleOf } from "./curriculum.js";
import { make, prose } from "./dom.js";
import { changeWithUndo } from "./reset.js";
import { KINDS, nothing, pick, plain, VERSION, wins } from "./store.js";

/** @import {Kept, Page} from "./types.d.ts" */

const LARGEST = 5 * 1024 * 1024; // bytes; about what browsers store in all
const LONGEST_KEY = 400; // characters
const MOST_ROWS = 200;
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

/** The date where the reader is, as YYYY-MM-DD. */
function today() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// ----------------------------------------------------------------------------- reading a file

/** Says in a reader's words why a file can't be used. */
class Unusable extends Error {}

/** @param {File} file @param {string} id the curriculum's */
async function readExport(file, id) {
  if (file.size > LARGEST) throw new Unusable("This file is larger than 5 MB: it is no export of progress.");
  const value = await file.text().then(JSON.parse).catch(() => undefined);
  if (typeof value?.curriculum !== "string" || !value.ticks) throw new Unusable("This file is no export of progress.");
  if (value.curriculum !== id)
    throw new Unusable(`This file holds progress of another curriculum, “${value.curriculum.slice(0, 80)}”.`);
  if (value.v !== VERSION) throw new Unusable("This file comes from another version of this site. Reload the page and try again.");
  return { ...clean(pick(value)), exported: new Date(value.exported) };
}

/** Drops keys that nothing can have, and brings times from the future down to now. */
function clean({ kept, faults }) {
  const now = Date.now();
  const good = nothing();
  for (const kind of KINDS)
    for (const [key, [value, time]] of kept[kind])
      if (key.length <= LONGEST_KEY && SHAPES[kind].test(key)) good[kind].set(key, [value, Math.min(time, now)]);
      else faults++;
  return { kept: good, faults };
}

/** What of a file wins over what is here, entry by entry. */
function news(kept, here) {
  const change = nothing();
  for (const kind of KINDS)
    for (const [key, entry] of kept[kind]) if (wins(entry, here[kind].get(key))) change[kind].set(key, entry);
  return change;
}

/** The entries of a change that a reader would notice. */
function noticed(change, here) {
  const entries = [];
  for (const kind of KINDS)
    for (const [key, [value]] of change[kind]) {
      const before = here[kind].get(key)?.[0];
      if ((value || "") !== (before || "")) entries.push({ kind, key, value });
    }
  return entries;
}

// ------------------------------------------------------------------------------ naming changes

/** What each verb of the preview comes to in its summary, in the order of the rows. */
const VERBS = {
  Tick: "to tick",
  Untick: "to untick",
  Choose: "to choose",
  "Choose none": "to choose no longer",
  Keep: "not of this site now, to be kept",
};

/** The names of the items and branches of the tracks that the keys belong to. */
async function loadNames(keys) {
  const wanted = new Set(keys.map((key) => key.split("/", 1)[0]));
  const { tracks } = await loadSite();
  const loaded = await Promise.all(tracks.filter((card) => wanted.has(card.id)).map((card) => loadTrack(card.id)));
  const names = new Map();
  for (const track of loaded) for (const place of track.places) namePlace(names, track, place);
  return names;
}

function namePlace(names, track, place) {
  const where = `${track.short || track.title}, ${titleOf(place)}`;
  for (const [id, text] of place.items) names.set(`${track.id}/${place.id}/${id}`, { text, where });
  for (const { id, title } of place.branches ?? [])
    names.set(`${track.id}/${place.phase || place.id}=${id}`, { text: title, where });
}

/** One row of the preview; `names` is undefined where the data can't be had. */
function describe({ kind, key, value }, names) {
  const isTick = kind === "ticks";
  const name = names?.get(isTick ? key : `${key}=${value}`);
  const verb = isTick ? (value ? "Tick" : "Untick") : value ? "Choose" : "Choose none";
  const isUnknown = names && !name && value;
  return { verb: isUnknown ? "Keep" : verb, text: name?.text ?? (isTick ? key : `${key} ${value}`), where: name?.where ?? "" };
}

/** "12 to tick, 1 to untick" */
function summarize(rows) {
  const numbers = Object.keys(VERBS).map((verb) => [verb, rows.filter((row) => row.verb === verb).length]);
  return numbers.flatMap(([verb, n]) => (n ? [`${n.toLocaleString("en")} ${VERBS[verb]}`] : [])).join(", ");
}

// ------------------------------------------------------------------------------------- preview

function table(rows) {
  const head = ["Change", "Item"].map((text) => make("th", { scope: "col" }, text));
  const body = rows.map(({ verb, text, where }) =>
    make("tr", {}, make("td", {}, verb), make("td", {}, prose(text), " ", make("small", {}, prose(where)))),
  );
  return make("table", { className: "changes" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}

const paragraph = (...parts) => make("p", {}, ...parts);

/**
 * Shows what importing the chosen file would change.
 * @param {Page} page
 * @param {HTMLInputElement} input
 */
export async function previewImport(page, input) {
  const [file] = input.files;
  const region = document.querySelector("[data-import-preview]");
  if (!file || !region) return;
  const close = () => {
    region.hidden = true;
    region.replaceChildren();
    input.focus();
  };
  const content = await preview(page, file, close);
  input.value = ""; // so that the same file can be chosen again
  region.replaceChildren(...content);
  region.hidden = false;
  region.tabIndex = -1;
  region.focus();
}

async function preview(page, file, close) {
  try {
    return await describeImport(page, await readExport(file, page.store.id), close);
  } catch (error) {
    const text = error instanceof Unusable ? error.message : "This file can't be read.";
    return [make("p", { className: "error" }, text), paragraph(button("Close", close))];
  }
}

async function describeImport(page, { kept, faults, exported }, close) {
  await page.follow(true); // the file may be older than what moved
  page.store.refresh();
  page.store.carry(kept);
  const here = page.store.kept;
  const entries = noticed(news(kept, here), here).filter(({ key }) => !page.store.isFormer(key));
  const names = await loadNames(entries.map((entry) => entry.key)).catch(() => undefined);
  const order = Object.keys(VERBS);
  const rows = entries.map((entry) => describe(entry, names)).sort((a, b) => order.indexOf(a.verb) - order.indexOf(b.verb));
  const date = Number.isNaN(exported.getTime()) ? "" : `Exported on ${exported.toLocaleDateString("en", { dateStyle: "long" })}. `;
  const content = [paragraph(date, rows.length ? `${summarize(rows)}.` : "Nothing new: all of it is here already, or was changed here later.")];
  if (faults) content.push(paragraph(`${plural(faults, "entry", "entries")} can't be read and will be left out.`));
  if (!names) content.push(paragraph("The names of the items could not be loaded."));
  if (!rows.length) return [...content, paragraph(button("Close", close))];
  content.push(table(rows.slice(0, MOST_ROWS)));
  if (rows.length > MOST_ROWS) content.push(paragraph(`and ${(rows.length - MOST_ROWS).toLocaleString("en")} more.`));
  const apply = button("Apply", () => applyImport(page, kept, summarize(rows), close), "button");
  return [...content, paragraph(apply, " ", button("Cancel", close))];
}

function applyImport(page, kept, summary, close) {
  page.store.refresh(); // other tabs may have gone on meanwhile
  close();
  changeWithUndo(page, news(kept, page.store.kept), `Imported: ${summary}.`, "[data-import]");
}
