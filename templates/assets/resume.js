// The offer to go on where the learner was.

import { countPlaces, loadSite, loadTrack, openItems, siteUrl } from "./curriculum.js";
import { words } from "./progress.js";

/** The key that was ticked last, among those of tracks that (still) exist. */
function lastTicked(store, tracks) {
  let last;
  for (const [key, [on, time]] of store.kept.ticks)
    if (on && (!last || time > last.time) && tracks.has(key.split("/", 1)[0])) last = { key, time };
  return last?.key;
}

/** The first place with something to do, from the one ticked last onwards and then from the start. */
function nextOpen(store, track, lastPlace) {
  const at = Math.max(0, track.places.findIndex((place) => place.id === lastPlace));
  for (const place of [...track.places.slice(at), ...track.places.slice(0, at)]) {
    const { open, waiting } = openItems(store, track, place);
    if (open.length || waiting) return { place, item: open[0] };
  }
  return undefined;
}

function describe(track, next) {
  if (!next) return { url: siteUrl(track.url), place: "finished", next: "" };
  const { place, item } = next;
  return {
    url: siteUrl(place.url) + (item ? `#${encodeURIComponent(item[0])}` : ""),
    place: [place.label, place.title].filter(Boolean).join(": "),
    next: item ? item[1].replaceAll("`", "") : "Choose a branch",
  };
}

function fill(element, texts, url) {
  for (const [name, text] of Object.entries(texts)) {
    const slot = element.querySelector(`[data-resume-${name}]`);
    if (slot) slot.textContent = text;
  }
  const link = element.querySelector("[data-resume-link]");
  if (link) link.href = url;
}

/**
 * @param {import("./store.js").Store} store
 * @param {HTMLElement} element
 */
export async function paintResume(store, element) {
  try {
    const { tracks } = await loadSite();
    const key = lastTicked(store, new Set(tracks.map((card) => card.id)));
    if (key) {
      const [id, lastPlace] = key.split("/");
      const track = await loadTrack(id);
      const { url, place, next } = describe(track, nextOpen(store, track, lastPlace));
      const count = words(countPlaces(store, track, track.places));
      fill(element, { track: track.short || track.title, place, next, count }, url);
    }
    element.hidden = !key;
  } catch {
    element.hidden = true; // Without data there is nothing to offer.
  }
}
