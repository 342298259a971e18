// Ticks follow what was moved, renamed or put into another track, and so do links to it. The map of
// moves is made by `roadmap_site.model.moves`, and followed as `Moves.resolve` there follows it.

import { siteUrl } from "./curriculum.js";

/** @import {Moves, Page} from "./types.d.ts" */

const MOST_STEPS = 32;

const has = (part, key) => part && Object.hasOwn(part, key);

/** @param {Moves} moves @param {string} key */
function step({ tracks, places, items }, key) {
  if (has(items, key)) return items[key];
  const [track, ...rest] = key.split("/");
  const [place = "", ...item] = rest;
  const head = `${track}/${place}`;
  if (has(places, head)) return [places[head], ...item].join("/");
  if (!has(tracks, track)) return key;
  const tail = rest.join("/");
  return tail ? `${tracks[track]}/${tail}` : tracks[track];
}

/** Where what was stored under a key is now; the key itself if nobody moved it.
 * @param {Moves} moves @param {string} key */
export function resolve(moves, key) {
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const moved = step(moves, key);
    if (moved === key) break;
    key = moved;
  }
  return key;
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
