// "What is left": the open items of a track, linked, by place. Filled when a reader opens it.

import { itemUrl, loadTrack, openItems, siteUrl, titleOf } from "./curriculum.js";
import { make, prose, replace } from "./dom.js";

function listPlace(place, { open, waiting }) {
  const link = (href, text) => make("a", { href }, prose(text));
  const links = open.map((item) => make("li", {}, link(itemUrl(place, item), item[1])));
  if (waiting) links.unshift(make("li", {}, link(siteUrl(place.url), "Choose a branch")));
  const left = make("span", {}, open.length ? `${open.length} left` : "");
  return make("li", {}, link(siteUrl(place.url), titleOf(place)), " ", left, make("ul", {}, ...links));
}

async function listTrack(store, id) {
  const track = await loadTrack(id);
  const places = track.places.map((place) => ({ place, ...openItems(store, track, place) }));
  const open = places.filter((entry) => entry.open.length || entry.waiting);
  if (!open.length) return make("p", {}, "Nothing is left: all that is required is done.");
  return make("ul", {}, ...open.map((entry) => listPlace(entry.place, entry)));
}

/** @param {HTMLDetailsElement} details */
function regionOf(details) {
  const there = details.querySelector("[data-left-list]");
  if (there) return there;
  const region = details.appendChild(make("div", {}));
  region.dataset.leftList = "";
  return region;
}

/**
 * @param {import("./store.js").Store} store
 * @param {HTMLDetailsElement} details
 */
export async function fillLeft(store, details) {
  const list = await listTrack(store, details.dataset.left).catch(() => make("p", {}, "This could not be loaded."));
  replace(regionOf(details), [list], details.querySelector("summary"));
}
