// The curriculum's data files, fetched when first needed and kept for as long as the page lives.

import { blank, count, standing } from "./progress.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./progress.js").Tally} Tally */
/** @typedef {{id: string, title: string, short: string, url: string, required: number}} Card */
/** @typedef {[id: string, text: string, flags: number, branch?: string]} Item flags 1: not required */
/** @typedef {{id: string, kind: string, label: string, title: string, url: string, phase: string,
 *             branches?: {id: string, title: string}[], items: Item[]}} Place */
/** @typedef {{id: string, title: string, short: string, url: string, places: Place[]}} Track */

const ROOT = new URL("../../", import.meta.url);
const files = new Map();

/** The address of a page of this site; of its home, if the path leads elsewhere. */
export function siteUrl(path) {
  const url = new URL(path, ROOT);
  return url.href.startsWith(ROOT.href) ? url.href : ROOT.href;
}

function fetchOnce(path) {
  const file = files.get(path) ?? fetchJson(path);
  files.set(path, file);
  file.catch(() => files.delete(path)); // so that it is tried again
  return file;
}

async function fetchJson(path) {
  const response = await fetch(siteUrl(path));
  if (!response.ok) throw new Error(`${response.status}: ${path}`);
  return response.json();
}

/** @returns {Promise<{tracks: Card[]}>} */
export const loadSite = () => fetchOnce("assets/roadmap/data/site.json");

/** @returns {Promise<Track>} */
export const loadTrack = (id) => fetchOnce(`assets/roadmap/data/${encodeURIComponent(id)}.json`);

/** Each item of a place, whether it is ticked, and how its branch stands. */
function* readings(store, track, place) {
  const branches = (place.branches ?? []).map((branch) => branch.id);
  const chosen = store.chosen(`${track.id}/${place.phase || place.id}`);
  for (const item of place.items) {
    const [id, , flags, branch] = item;
    yield {
      item,
      ticked: store.isTicked(`${track.id}/${place.id}/${id}`),
      required: !(flags & 1),
      branch: branch ? standing(branch, chosen, branches) : "taken",
    };
  }
}

/** @param {Store} store @param {Track} track @param {Place[]} places @param {Tally} tally to add to */
export function countPlaces(store, track, places, tally = blank()) {
  for (const place of places)
    for (const { ticked, required, branch } of readings(store, track, place)) count(tally, ticked, required, branch);
  return tally;
}

/**
 * The items of a place that are still to be done, and whether a branch is still to be chosen.
 * @param {Store} store
 * @param {Track} track
 * @param {Place} place
 */
export function openItems(store, track, place) {
  const open = [];
  let waiting = false;
  for (const { item, ticked, required, branch } of readings(store, track, place)) {
    if (required && branch === "undecided") waiting = true;
    if (required && branch === "taken" && !ticked) open.push(item);
  }
  return { open, waiting };
}

async function tallySite(store) {
  const { tracks } = await loadSite();
  const begun = tracks.filter((card) => store.begun(card.id).length);
  const loaded = await Promise.all(begun.map((card) => loadTrack(card.id)));
  const tally = blank();
  for (const card of tracks) if (!begun.includes(card)) tally.total += card.required;
  for (const track of loaded) countPlaces(store, track, track.places, tally);
  return tally;
}

/**
 * Counts a place ("track/place"), a month ("track/@phase"), a track or the site ("*").
 * @param {Store} store
 * @param {string} scope
 * @returns {Promise<Tally | undefined>} undefined where the data can't be had
 */
export async function tallyScope(store, scope) {
  try {
    if (scope === "*") return await tallySite(store);
    const [id, part] = scope.split("/");
    const track = await loadTrack(id);
    const isMeant = (place) => !part || (part[0] === "@" ? place.phase === part.slice(1) : place.id === part);
    return countPlaces(store, track, track.places.filter(isMeant));
  } catch {
    return undefined;
  }
}
