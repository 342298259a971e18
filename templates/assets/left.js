// "What is left": the open items of a track, linked, by place. Filled when a reader opens it.

import { loadTrack, openItems, siteUrl } from "./curriculum.js";
import { make, words } from "./dom.js";

/** What each list shows, so that it is left alone while nothing changes. */
const shown = new WeakMap();

const itemUrl = (place, id) => `${siteUrl(place.url)}#${encodeURIComponent(id)}`;

function listPlace(place, { open, waiting }) {
  const links = open.map(([id, text]) => make("li", {}, make("a", { href: itemUrl(place, id) }, words(text))));
  if (waiting) links.unshift(make("li", {}, make("a", { href: siteUrl(place.url) }, "Choose a branch")));
  const title = [place.label, place.title].filter(Boolean).join(": ");
  return make(
    "li",
    {},
    make("a", { href: siteUrl(place.url) }, words(title)),
    " ",
    make("span", {}, open.length ? `${open.length} left` : ""),
    make("ul", {}, ...links),
  );
}

async function listTrack(store, id) {
  const track = await loadTrack(id);
  const places = track.places.map((place) => ({ place, ...openItems(store, track, place) }));
  const open = places.filter((entry) => entry.open.length || entry.waiting);
  if (!open.length) return make("p", {}, "Nothing is left: all that is required is done.");
  return make("ul", {}, ...open.map((entry) => listPlace(entry.place, entry)));
}

/** Puts the new list in place of the old, and keeps the focus where it was. */
function replace(region, details, list) {
  const focused = region.contains(document.activeElement) ? document.activeElement.href : undefined;
  region.replaceChildren(list);
  if (focused === undefined) return;
  const same = [...region.querySelectorAll("a")].find((link) => link.href === focused);
  (same ?? details.querySelector("summary")).focus();
}

/**
 * @param {import("./store.js").Store} store
 * @param {HTMLDetailsElement} details
 */
export async function fillLeft(store, details) {
  const region = details.querySelector("[data-left-list]");
  if (!region) return;
  const list = await listTrack(store, details.dataset.left).catch(() => make("p", {}, "This could not be loaded."));
  if (shown.get(region) === list.innerHTML) return;
  shown.set(region, list.innerHTML);
  replace(region, details, list);
}
