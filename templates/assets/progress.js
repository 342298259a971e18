// Paints a page: boxes, radios, and what progress its own markup can tell. What needs data is left
// to curriculum.js.

/** @import {Store} from "./store.js" */
/** @import {Standing, Tally} from "./types.d.ts" */

/** @returns {Tally} */
export const blank = () => ({ done: 0, total: 0, extraDone: 0, extras: 0, waiting: false, begun: false });

/** Counts one item. Those of branches not chosen stand apart, so that 100% can be reached.
 * @param {Tally} tally @param {Standing} standing */
export function count(tally, isTicked, isRequired, standing) {
  tally.begun ||= isTicked;
  if (standing === "undecided" && isRequired) tally.waiting = true;
  if (standing !== "taken") return;
  tally[isRequired ? "total" : "extras"] += 1;
  if (isTicked) tally[isRequired ? "done" : "extraDone"] += 1;
}

/** @returns {Standing} */
export function standingOf(branch, chosen, branches) {
  if (branch === chosen) return "taken";
  return branches.includes(chosen) ? "apart" : "undecided";
}

/** @param {Tally} tally */
export function isDone({ done, total, extraDone, extras, waiting }) {
  return !waiting && (total ? done === total : extras > 0 && extraDone === extras);
}

/** "3 of 9", or with a verb "3 of 9 done". @param {Tally} tally */
export function words({ done, total, extraDone, extras, waiting }, verb = "") {
  const wait = "branch still to choose";
  if (total) return `${done} of ${total}${verb}${waiting ? `, ${wait}` : ""}`;
  if (waiting) return wait;
  return extras ? `${extraDone} of ${extras}${verb}, all optional` : "";
}

/** The item of a box, and what it is stored under. */
export function itemOf(box) {
  const li = box.closest("li[id], li[data-item]");
  const place = li?.closest("[data-place]");
  if (!place) return undefined;
  const scope = place.dataset.place;
  return { li, place, scope, key: `${scope}/${li.dataset.item ?? li.id}` };
}

/** Paints each choice, and returns what is chosen. */
function paintChoices(store) {
  const choices = new Map();
  for (const element of document.querySelectorAll("[data-choose]")) {
    const sections = [...element.querySelectorAll("[data-branch]")];
    const branches = sections.map((section) => section.dataset.branch);
    const stored = store.chosen(element.dataset.choose);
    const chosen = branches.includes(stored) ? stored : "";
    for (const radio of element.querySelectorAll("input[type=radio]")) radio.checked = radio.value === chosen;
    for (const section of sections) {
      const standing = standingOf(section.dataset.branch, chosen, branches);
      section.classList.toggle("is-chosen", standing === "taken");
      section.classList.toggle("is-apart", standing === "apart");
    }
    choices.set(element, { chosen, branches });
  }
  return choices;
}

/** Paints each box, and counts them by place. @returns {Map<string, Tally>} */
function paintBoxes(store) {
  const choices = paintChoices(store);
  const tallies = new Map();
  for (const box of document.querySelectorAll(".rm-tick")) {
    const item = itemOf(box);
    if (!item) continue;
    box.checked = store.isTicked(item.key);
    if (!tallies.has(item.scope)) tallies.set(item.scope, blank());
    countBox(tallies.get(item.scope), item, box.checked, choices);
  }
  return tallies;
}

function countBox(tally, { li, place }, isTicked, choices) {
  const aside = li.closest("[data-o]");
  const isRequired = !aside || !place.contains(aside);
  const section = li.closest("[data-branch]");
  const choice = section && choices.get(section.closest("[data-choose]"));
  const standing = choice ? standingOf(section.dataset.branch, choice.chosen, choice.branches) : "taken";
  count(tally, isTicked, isRequired, standing);
  if (!isTicked && isRequired && standing === "taken") tally.next ??= li.id;
}

/** Shows a tally as the element asks; if it can't be had, says so. @param {Tally} [tally] */
export function show(element, tally) {
  const text = element.dataset.progress && element.querySelector("[data-progress-text]");
  if (!tally) {
    if (text) text.textContent = "could not be counted";
    return;
  }
  showState(element, tally);
  if (text) text.textContent = words(tally) || text.textContent;
  const bar = element.dataset.progress && element.querySelector("progress");
  if (bar) {
    bar.max = tally.total || tally.extras || 1;
    bar.value = tally.total ? tally.done : tally.extraDone;
  }
  const left = element.dataset.left && element.querySelector("[data-left-count]");
  if (left) left.textContent = `${tally.total - tally.done} left`;
  if (element.dataset.continue && tally.begun && tally.next) element.hash = encodeURIComponent(tally.next);
}

function showState(element, tally) {
  const done = isDone(tally);
  const begun = tally.begun && !done;
  element.classList.toggle("is-done", done);
  element.classList.toggle("is-started", begun);
  const state = element.dataset.doneWhen && element.querySelector("[data-state]");
  if (state) state.textContent = done ? "done" : begun ? "begun" : "";
}

/** A place's own page holds all its items; other pages may show some of them. */
function holdsWholePlaces() {
  const { rmTrack, rmKind } = document.querySelector(".rm")?.dataset ?? {};
  return rmTrack && !["track", "all"].includes(rmKind);
}

/** Paints what the page can tell; returns the places it holds, and what needs data, with its scope.
 * @param {Store} store
 * @returns {{here: Map<string, Tally>, later: [HTMLElement, string][]}} */
export function paint(store) {
  const tallies = paintBoxes(store);
  const here = holdsWholePlaces() ? tallies : new Map();
  const later = [];
  for (const element of document.querySelectorAll("[data-progress], [data-done-when], [data-left], [data-continue]")) {
    const { progress, doneWhen, left, continue: next } = element.dataset;
    const scope = progress ?? doneWhen ?? left ?? next;
    if (here.has(scope)) show(element, here.get(scope));
    else later.push([element, scope]);
  }
  return { here, later };
}
