// Ticks follow what was moved, renamed or put into another track, and so do links to it. The map of
// moves is made by `roadmap_site.model.moves`, and followed as `Moves.resolve` there follows it.

import { siteUrl } from "./curriculum.js";

/** @import {Moves, Page} from "./types.d.ts" */

const lookUp = (part, key, other = key) => (part && Object.hasOwn(part, key) ? part[key] : other);

/** Where what was stored under a key is now; the key itself if nobody moved it. Each step of a key is
 * looked up under what those before it are called today.
 * @param {Moves} moves @param {string} key */
export function resolve({ tracks, places, items }, key) {
  const [track, place, ...rest] = key.split("/");
  const now = lookUp(tracks, track);
  if (place === undefined) return now;
  const known = rest.length && lookUp(items, [now, place, ...rest].join("/"), "");
  if (known) return known;
  const head = lookUp(places, `${now}/${place}`);
  return rest.length ? lookUp(items, [head, ...rest].join("/")) : head;
}

/** Has the store follow the moves at an address, and then this page's own address.
 * @param {Page} page @param {string} address */
export async function follow({ store, repaint }, address) {
  if (store.followed !== address) {
    const response = await fetch(siteUrl(address));
    if (!response.ok) throw new Error(`${response.status}: ${response.url}`);
    const moves = await response.json();
    const known = new Map(); // storage is read at each tick
    store.follow(address, (key) => known.get(key) ?? known.set(key, resolve(moves, key)).get(key));
    repaint();
  }
  goAlong(store);
}

/** Where the address names an item that has moved, goes to it. */
function goAlong(store) {
  const place = document.querySelector("[data-place*='/']")?.dataset.place;
  const id = decoded(location.hash.slice(1));
  if (!place || !id || document.getElementById(id)) return;
  const now = store.resolve(`${place}/${id}`);
  const [track, where, item] = now.split("/");
  if (now !== `${place}/${id}`) location.replace(`${siteUrl(`tracks/${track}/${where}/`)}#${encodeURIComponent(item)}`);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
