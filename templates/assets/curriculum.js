// The data files, fetched when first needed and kept while the page lives.

import { blank, count, standingOf } from "./progress.js";

/** @import {Store} from "./store.js" */
/** @import {Place, Site, Tally, Track} from "./types.d.ts" */

const ROOT = new URL("../../", import.meta.url);
const files = new Map();

/** The address of a site path; of the home, if it leads elsewhere. */
export function siteUrl(path) {
  const url = new URL(path, ROOT);
  return url.href.startsWith(ROOT.href) ? url.href : ROOT.href;
}

export const itemUrl = (place, [id]) => `${siteUrl(place.url)}#${encodeURIComponent(id)}`;

export const titleOf = ({ label, title }) => [label, title].filter(Boolean).join(": ");

async function fetchJson(path) {
  const response = await fetch(siteUrl(`assets/roadmap/data/${path}.json`));
  if (!response.ok) throw new Error(`${response.status}: ${response.url}`);
  return response.json();
}

function load(path) {
  const file = files.get(path) ?? fetchJson(path);
  files.set(path, file);
  file.catch(() => files.delete(path)); // to be tried again
  return file;
}

/** @returns {Promise<Site>} */
export const loadSite = () => load("site");

/** @returns {Promise<Track>} */
export const loadTrack = (id) => load(encodeURIComponent(id));

/** Each item of a place, and how it stands. */
function* readings(store, track, place) {
  const branches = (place.branches ?? []).map((branch) => branch.id);
  const chosen = store.chosen(`${track.id}/${place.phase || place.id}`);
  for (const item of place.items) {
    const [id, , flags, branch] = item;
    yield {
      item,
      isTicked: store.isTicked(`${track.id}/${place.id}/${id}`),
      isRequired: !(flags & 1),
      standing: branch ? standingOf(branch, chosen, branches) : "taken",
    };
  }
}

/** @param {Store} store @param {Track} track @param {Place[]} places */
export function countPlaces(store, track, places, tally = blank()) {
  for (const place of places)
    for (const { isTicked, isRequired, standing } of readings(store, track, place))
      count(tally, isTicked, isRequired, standing);
  return tally;
}

/** What is required and open, and whether a branch is still to be chosen. */
export function openItems(store, track, place) {
  const required = [...readings(store, track, place)].filter((reading) => reading.isRequired);
  const open = required.filter(({ isTicked, standing }) => !isTicked && standing === "taken");
  return { open: open.map((reading) => reading.item), waiting: required.some((reading) => reading.standing === "undecided") };
}

async function countSite(store) {
  const { tracks } = await loadSite();
  const begun = store.begun();
  const tally = blank();
  for (const { id, required } of tracks)
    if (begun.has(id)) {
      const track = await loadTrack(id);
      countPlaces(store, track, track.places, tally);
    } else tally.total += required;
  return tally;
}

/** Counts a place ("track/place"), a month ("track/@phase"), a track or the site ("*").
 * @returns {Promise<Tally | undefined>} undefined where data can't be had */
export async function countScope(store, scope) {
  try {
    if (scope === "*") return await countSite(store);
    const [id, part] = scope.split("/");
    const track = await loadTrack(id);
    const isMeant = (place) => !part || (part[0] === "@" ? place.phase === part.slice(1) : place.id === part);
    return countPlaces(store, track, track.places.filter(isMeant));
  } catch {
    return undefined;
  }
}
