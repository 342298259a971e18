// The script of every page. It listens once for all that instant navigation will bring, paints
// each page as it arrives, and fetches other modules when they are needed.

import "./search.js";
import { itemOf, paint, show, words } from "./progress.js";
import { Store } from "./store.js";

/** @import {Page} from "./types.d.ts" */

const NOTICES = {
  blocked: "This browser keeps no data for this site. Ticks last until you leave it.",
  full: "This browser's storage is full. New ticks last until you leave this site; export them to keep them.",
  garbled: "Some of the saved progress could not be read. It is kept aside in this browser.",
  newer: "The saved progress comes from a newer version of this site. It is kept aside in this browser.",
  offline: "A part of this site could not be loaded. Are you offline?",
};

/** @type {Store | undefined} */
let store;
let askedToPersist = false;
const told = new Set();
const untold = [];
const counted = new WeakSet(); // elements that show what data told
// Read out but not seen; it outlasts instant navigation.
const voice = document.createElement("div");
voice.className = "sr";
voice.setAttribute("role", "status");

/** Tells of each kind of trouble once. */
function tell(trouble) {
  if (told.has(trouble)) return;
  told.add(trouble);
  untold.push(NOTICES[trouble]);
  showNotices();
}

function showNotices() {
  const region = document.querySelector("[data-notice]");
  if (region) for (const text of untold.splice(0)) region.append(makeNotice(text));
}

function makeNotice(text) {
  const notice = document.createElement("p");
  const dismiss = document.createElement("button");
  dismiss.className = "quiet";
  dismiss.textContent = "Dismiss";
  dismiss.onclick = () => notice.remove();
  notice.append(text, " ", dismiss);
  return notice;
}

function say(text) {
  voice.textContent = text;
}

/** Does something with a module, fetched when it is first needed. */
async function using(path, work) {
  let module;
  try {
    module = await import(path);
  } catch {
    return tell("offline");
  }
  return work(module);
}

/** Paints the page; what needs data follows when they are there. */
function repaint() {
  const { here, later } = paint(store);
  const begun = store.begun();
  for (const [element, scope] of later) {
    // A track without ticks stands as the server rendered it, unless it had some a moment ago.
    const isBegun = scope === "*" ? begun.size : begun.has(scope.split("/", 1)[0]);
    if (isBegun || counted.has(element)) showLater(element, scope);
  }
  for (const button of document.querySelectorAll("[data-reset]")) button.disabled = !begun.has(button.dataset.reset);
  for (const details of document.querySelectorAll("[data-left][open]"))
    using("./left.js", ({ fillLeft }) => fillLeft(store, details));
  const resume = document.querySelector("[data-resume]");
  if (resume && (begun.size || !resume.hidden)) using("./resume.js", ({ offer }) => offer(store, resume));
  return here;
}

function showLater(element, scope) {
  counted.add(element);
  using("./curriculum.js", async ({ countScope }) => show(element, await countScope(store, scope)));
  if (element.dataset.continue) using("./resume.js", ({ aim }) => aim(store, element));
}

/** Repaints after a change, and says how far its place has come. */
function repaintAndSay(scope) {
  const tally = repaint().get(scope);
  const sayTally = (it) => it && say(words(it, " done"));
  if (tally) sayTally(tally);
  else using("./curriculum.js", async ({ countScope }) => sayTally(await countScope(store, scope)));
}

function tick(box) {
  const item = itemOf(box);
  if (!item) return;
  store.tick(item.key, box.checked);
  askToPersist();
  repaintAndSay(item.scope);
}

function choose(radio) {
  const key = radio.closest("[data-choose]").dataset.choose;
  store.choose(key, radio.value);
  repaintAndSay(key);
}

/** Asks once that storage be kept; not Firefox, which would ask the reader. */
function askToPersist() {
  if (askedToPersist || navigator.userAgent.includes("Firefox")) return;
  askedToPersist = true;
  navigator.storage?.persist?.().catch(() => {});
}

/** @returns {Page} */
const page = () => ({ store, say, repaint, follow });

/** Has ticks, and a link to what is not here, follow what moved. Nothing is fetched in vain. */
async function follow(always = false) {
  const address = document.querySelector(".rm")?.dataset.rmMoves;
  const isLost = location.hash.length > 1 && !document.getElementById(location.hash.slice(1));
  const isNews = store.followed !== address && (always || store.begun().size);
  if (address && (isNews || isLost)) await using("./moves.js", (moves) => moves.follow(page(), address).catch(() => tell("offline")));
}

function onChange({ target }) {
  if (!store) return;
  if (target.matches(".rm-tick")) tick(target);
  else if (target.matches("[data-choose] input[type=radio]")) choose(target);
  else if (target.matches("[data-import]")) using("./transfer.js", ({ previewImport }) => previewImport(page(), target));
  else if (target.closest("[data-compare]")) using("./compare.js", ({ compare }) => compare(target.closest("[data-compare]")).catch(() => tell("offline")));
}

function onClick({ target }) {
  const button = store && target.closest("[data-export], [data-reset]");
  if (button?.matches("[data-export]")) using("./transfer.js", ({ exportAll }) => exportAll(page()));
  else if (button) using("./reset.js", ({ resetTrack }) => resetTrack(page(), button));
}

function onToggle({ target }) {
  if (store && target.matches("[data-left][open]")) repaint();
}

function onStorage({ key, newValue }) {
  if (!store || (key !== null && key !== store.key)) return;
  if (newValue === null) store.forget();
  else store.refresh();
  repaint();
  follow();
}

/** A page is there: the first, or one that instant navigation brought. */
function arrive() {
  const id = document.querySelector(".rm")?.dataset.rmId;
  if (id && id !== store?.id) store = new Store(id, tell);
  else store?.refresh();
  showNotices();
  if (store) {
    repaint();
    follow();
  }
  if (document.querySelector(".highlight")) using("./copy.js", ({ offerCopies }) => offerCopies(say));
}

document.body.append(voice);
document.addEventListener("change", onChange);
document.addEventListener("click", onClick);
document.addEventListener("toggle", onToggle, true); // it does not bubble
addEventListener("storage", onStorage);
addEventListener("pageshow", ({ persisted }) => persisted && arrive()); // it heard nothing while cached
if (window.document$) window.document$.subscribe(arrive);
else arrive();
