// Resetting a track, and taking back what changed many entries at once.

import { button, plural } from "./controls.js";
import { make } from "./dom.js";
import { after, KINDS, nothing } from "./store.js";

/** @import {Kept, Page} from "./types.d.ts" */

/**
 * Takes away the ticks and choices of a track.
 * @param {Page} page
 * @param {HTMLButtonElement} reset
 */
export async function resetTrack(page, reset) {
  await page.follow(); // or what moved here would be ticked again
  page.store.refresh();
  const id = reset.dataset.reset;
  const wiped = wipe(page.store, `${id}/`);
  const title = (reset.getAttribute("aria-label") ?? reset.textContent).trim();
  changeWithUndo(page, wiped, `${title}: ${plural(wiped.ticks.size, "tick")} taken away.`, `[data-reset="${CSS.escape(id)}"]`);
}

/** Entries that untick all that is ticked below `start`: an entry that were removed, an import or another tab would bring back.
 * What stands under former keys is older, and stays so. */
function wipe(store, start) {
  const wiped = nothing();
  for (const kind of KINDS)
    for (const [key, entry] of store.kept[kind])
      if (entry[0] && key.startsWith(start) && !store.isFormer(key)) wiped[kind].set(key, [kind === "ticks" ? 0 : "", after(entry)]);
  return wiped;
}

/**
 * Makes a change, and offers to undo it for as long as the page is there.
 * @param {Page} page
 * @param {Kept} made
 * @param {string} text what was done
 * @param {string} origin selects what the focus goes back to
 */
export function changeWithUndo(page, made, text, origin) {
  const before = entriesBefore(page.store.kept, made);
  page.store.change(made);
  page.repaint();
  const region = document.querySelector("[data-undo]");
  if (!region) return page.say(text);
  const row = make("p", { className: "undo", tabIndex: -1 }, make("span", {}, text), " ");
  const leave = () => {
    row.remove();
    const back = document.querySelector(origin);
    region.tabIndex = -1;
    (back && !back.disabled ? back : region).focus();
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
