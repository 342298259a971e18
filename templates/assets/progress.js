// Reads the markup of a page and paints it: boxes, radios, and progress that the page itself can
// tell. What needs a track's data file is left to curriculum.js.

/** @typedef {import("./store.js").Store} Store */
/** @typedef {{done: number, total: number, extraDone: number, extras: number,
 *             waiting: boolean, begun: boolean}} Tally
 *  `total` counts what is required, `extras` what is not; `waiting` for a branch to be chosen. */

/** @returns {Tally} */
export const blank = () => ({ done: 0, total: 0, extraDone: 0, extras: 0, waiting: false, begun: false });

/**
 * Counts one item. One of a branch that is not chosen stands apart, so that 100% can be reached.
 * @param {Tally} tally
 * @param {boolean} ticked
 * @param {boolean} required
 * @param {"taken" | "apart" | "undecided"} branch "taken" also for what belongs to no branch
 */
export function count(tally, ticked, required, branch) {
  tally.begun ||= ticked;
  if (branch === "undecided" && required) tally.waiting = true;
  if (branch !== "taken") return;
  tally[required ? "total" : "extras"] += 1;
  if (ticked) tally[required ? "done" : "extraDone"] += 1;
}

/** Whether a branch is the one that is chosen among `branches`. */
export function standing(branch, chosen, branches) {
  if (branch === chosen) return "taken";
  return branches.includes(chosen) ? "apart" : "undecided";
}

/** @param {Tally} tally */
export function isDone({ done, total, extraDone, extras, waiting }) {
  return !waiting && (total ? done === total : extras > 0 && extraDone === extras);
}

/** @param {Tally} tally @param {string} verb such as " done", where "3 of 9" alone would not do */
export function words({ done, total, extraDone, extras, waiting }, verb = "") {
  const wait = "branch still to choose";
  if (total) return `${done} of ${total}${verb}${waiting ? `, ${wait}` : ""}`;
  if (waiting) return wait;
  return extras ? `${extraDone} of ${extras}${verb}, all optional` : "";
}

/** The item of a checkbox, and what it is stored under. */
export function itemOf(box) {
  const li = box.closest("li[id], li[data-item]");
  const place = li?.closest("[data-place]");
  if (!place) return undefined;
  const scope = place.dataset.place;
  return { li, place, scope, key: `${scope}/${li.dataset.item ?? li.id}` };
}

/** The branch that an item of the page belongs to, as `count` wants it. */
function standingOf(li, choices) {
  const branch = li.closest("[data-branch]");
  const choice = branch && choices.get(branch.closest("[data-choose]"));
  return choice ? standing(branch.dataset.branch, choice.chosen, choice.branches) : "taken";
}

/** Sets the radios of every choice on the page, and marks the branch that is taken. */
function paintChoices(store) {
  const choices = new Map();
  for (const element of document.querySelectorAll("[data-choose]")) {
    const chosen = store.chosen(element.dataset.choose);
    const sections = [...element.querySelectorAll("[data-branch]")];
    const branches = sections.map((section) => section.dataset.branch);
    const decided = branches.includes(chosen);
    for (const radio of element.querySelectorAll("input[type=radio]"))
      radio.checked = radio.value === (decided ? chosen : "");
    for (const section of sections) {
      section.classList.toggle("is-chosen", decided && section.dataset.branch === chosen);
      section.classList.toggle("is-apart", decided && section.dataset.branch !== chosen);
    }
    choices.set(element, { chosen, branches });
  }
  return choices;
}

/**
 * Paints every box and radio, and counts the boxes by place.
 * @param {Store} store
 * @returns {Map<string, Tally>}
 */
function paintBoxes(store) {
  const choices = paintChoices(store);
  const tallies = new Map();
  for (const box of document.querySelectorAll(".rm-tick")) {
    const item = itemOf(box);
    if (!item) continue;
    box.checked = store.isTicked(item.key);
    if (!tallies.has(item.scope)) tallies.set(item.scope, blank());
    const aside = item.li.closest("[data-o]");
    const required = !aside || !item.place.contains(aside);
    count(tallies.get(item.scope), box.checked, required, standingOf(item.li, choices));
  }
  return tallies;
}

/** Shows progress on an element that asks for it; on one that can't be counted, says so. */
export function show(element, tally) {
  const text = element.querySelector("[data-progress-text]");
  if (!tally) {
    if (text) text.textContent = "could not be counted";
    return;
  }
  const done = isDone(tally);
  const started = tally.begun && !done;
  element.classList.toggle("is-done", done);
  element.classList.toggle("is-started", started);
  const state = element.querySelector("[data-state]");
  if (state) state.textContent = done ? "done" : started ? "begun" : "";
  const bar = element.querySelector("progress");
  if (bar) {
    bar.max = tally.total || tally.extras || 1;
    bar.value = tally.total ? tally.done : tally.extraDone;
  }
  if (text) text.textContent = words(tally) || text.textContent;
  const left = element.querySelector("[data-left-count]");
  if (left) left.textContent = `${tally.total - tally.done} left`;
}

/** A place's own page holds all of its items; other pages may show some of a place's. */
function holdsWholePlaces() {
  const { rmTrack, rmKind } = document.querySelector(".rm")?.dataset ?? {};
  return Boolean(rmTrack) && rmKind !== "track";
}

/**
 * Paints what the page can tell by itself.
 * @param {Store} store
 * @returns {{here: Map<string, Tally>, later: [Element, string][]}} the tallies of the places that
 *   are on the page with all of their items, and the elements that need data, with their scopes
 */
export function paint(store) {
  const tallies = paintBoxes(store);
  const here = holdsWholePlaces() ? tallies : new Map();
  const later = [];
  for (const element of document.querySelectorAll("[data-progress], [data-done-when], [data-left]")) {
    const { progress, doneWhen, left } = element.dataset;
    const scope = progress ?? doneWhen ?? left;
    if (here.has(scope)) show(element, here.get(scope));
    else later.push([element, scope]);
  }
  for (const button of document.querySelectorAll("[data-reset]"))
    button.disabled = !store.begun(button.dataset.reset).length;
  return { here, later };
}
