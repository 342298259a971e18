// The offer to go on where the learner was, and where a track's "Continue" leads.

import { countPlaces, itemUrl, loadSite, loadTrack, openItems, siteUrl, titleOf } from "./curriculum.js";
import { make, prose, replace } from "./dom.js";
import { words } from "./progress.js";

/** The key ticked last in a track that `isMeant`. */
function lastTicked(store, isMeant) {
  let last;
  for (const [key, [on, time]] of store.kept.ticks)
    if (on && (!last || time > last.time) && isMeant(key.split("/", 1)[0]) && !store.isFormer(key)) last = { key, time };
  return last?.key;
}

/** What is open first, from the place ticked last onwards and then from the start. */
function nextOpen(store, track) {
  const lastPlace = lastTicked(store, (id) => id === track.id)?.split("/")[1];
  const at = Math.max(0, track.places.findIndex((place) => place.id === lastPlace));
  for (const place of [...track.places.slice(at), ...track.places.slice(0, at)]) {
    const { open, waiting } = openItems(store, track, place);
    if (open.length) return { place, url: itemUrl(place, open[0]), text: open[0][1] };
    if (waiting) return { place, url: siteUrl(place.url), text: "Choose a branch" };
  }
  return undefined;
}

function describe(store, track) {
  const next = nextOpen(store, track);
  const line = (...content) => make("span", {}, ...content, make("br", {}));
  const name = make("b", {}, prose(track.short || track.title));
  const link = (className, href, ...text) => make("a", { className, href }, ...text);
  if (!next) return [line("You have finished ", name, "."), link("quiet", siteUrl(track.url), "Look back")];
  const count = make("small", {}, words(countPlaces(store, track, track.places)));
  const where = [line(name, " ", count), line(prose(titleOf(next.place))), line("Next: ", prose(next.text))];
  return [make("p", {}, ...where), link("button", next.url, "Resume ", prose(next.place.label || next.place.title))];
}

/** Fills and shows the offer, or hides it. @param {import("./store.js").Store} store */
export async function offer(store, element) {
  try {
    const { tracks } = await loadSite();
    const last = () => lastTicked(store, (id) => tracks.some((card) => card.id === id));
    const key = last();
    const track = key && (await loadTrack(key.split("/", 1)[0]));
    if (last() !== key) return offer(store, element); // another was ticked meanwhile, or none is any more
    if (track) replace(element, describe(store, track));
    element.hidden = !track;
  } catch {
    element.hidden = true;
  }
}

/** Aims a track's "Continue" at what is next. */
export async function aim(store, link) {
  const track = await loadTrack(link.dataset.continue).catch(() => undefined);
  const next = track && nextOpen(store, track);
  if (next) link.href = next.url;
}
