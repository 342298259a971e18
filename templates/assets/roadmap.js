// The only script a page loads by itself. It listens once, for all pages that instant navigation
// will show, paints each page when it arrives, and fetches the rest when a reader asks for it.

import { itemOf, paint, show, words } from "./progress.js";
import { Store } from "./store.js";

const NOTICES = {
  blocked: "This browser keeps no data for this site. Ticks last until you leave it.",
  full: "This browser's storage is full. New ticks last until you leave this site: export them to keep them.",
  garbled: "Some of the saved progress could not be read. A copy of it was set aside; what could be read is kept.",
  newer: "The saved progress comes from a newer version of this site. A copy of it was set aside.",
  offline: "A part of this site could not be loaded. Are you offline?",
  stuck: "The saved progress could not be read, and there is no room to set a copy aside. New ticks last until you leave this site.",
};

/** @type {Store | undefined} Opened by the first page that names its curriculum. */
let store;
let askedToPersist = false;
/** Elements that show what was counted from data. */
const counted = new WeakSet();
const told = new Set();
const untold = [];

/** Tells of trouble, each kind once: a notice that comes back with each tick is only in the way. */
function tell(trouble) {
  if (told.has(trouble)) return;
  told.add(trouble);
  untold.push(NOTICES[trouble]);
  showNotices();
}

function showNotices() {
  const region = document.querySelector("[data-notice]");
  if (!region) return;
  for (const text of untold.splice(0)) {
    const notice = document.createElement("p");
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.className = "md-button";
    dismiss.textContent = "Dismiss";
    dismiss.addEventListener("click", () => notice.remove());
    notice.append(text, " ", dismiss);
    region.append(notice);
  }
}

/** Says something politely to a screen reader. */
function say(text) {
  let region = document.querySelector("[data-say]");
  if (!region) {
    region = document.createElement("div");
    region.className = "rm-hidden";
    region.dataset.say = "";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}

/** Does something with a module that is fetched when it is first needed. */
async function using(path, work) {
  let module;
  try {
    module = await import(path);
  } catch {
    return tell("offline");
  }
  return work(module);
}

/** Paints what is on the page; what needs data follows when they are there. */
function repaint() {
  const { here, later } = paint(store);
  const begun = new Set(store.begun().map((key) => key.split("/", 1)[0]));
  for (const [element, scope] of later) {
    // A track without ticks stands as the server rendered it, unless it had some a moment ago.
    const isBegun = scope === "*" ? begun.size : begun.has(scope.split("/", 1)[0]);
    if (isBegun || counted.has(element)) showLater(element, scope);
  }
  for (const details of document.querySelectorAll("[data-left][open]")) fillLeft(details);
  const resume = document.querySelector("[data-resume]");
  if (resume && (begun.size || !resume.hidden)) using("./resume.js", (module) => module.paintResume(store, resume));
  return here;
}

function showLater(element, scope) {
  counted.add(element);
  return using("./curriculum.js", async ({ tallyScope }) => show(element, await tallyScope(store, scope)));
}

function fillLeft(details) {
  return using("./left.js", (module) => module.fillLeft(store, details));
}

/** Repaints after a reader's change, and says how far the place has come. */
function changed(scope) {
  const here = repaint();
  const tell = (tally) => tally && say(words(tally, " done"));
  if (here.has(scope)) tell(here.get(scope));
  else using("./curriculum.js", async ({ tallyScope }) => tell(await tallyScope(store, scope)));
}

function tick(box) {
  const item = itemOf(box);
  if (!item) return;
  store.tick(item.key, box.checked);
  askToPersist();
  changed(item.scope);
}

function choose(radio) {
  const key = radio.closest("[data-choose]").dataset.choose;
  store.choose(key, radio.value);
  changed(key);
}

/** Asks the browser, once, not to evict what is stored; not Firefox, which would ask the reader. */
function askToPersist() {
  if (askedToPersist || navigator.userAgent.includes("Firefox")) return;
  askedToPersist = true;
  navigator.storage?.persist?.().catch(() => {});
}

function onChange({ target }) {
  if (!store) return;
  if (target.matches(".rm-tick")) tick(target);
  else if (target.matches("[data-choose] input[type=radio]")) choose(target);
  else if (target.matches("[data-import]")) using("./transfer.js", (module) => module.previewImport(page(), target));
}

function onClick({ target }) {
  const button = store && target.closest("[data-export], [data-reset]");
  if (!button) return;
  using("./transfer.js", ({ exportAll, resetTrack }) =>
    "export" in button.dataset ? exportAll(page()) : resetTrack(page(), button),
  );
}

function onStorage({ key, newValue }) {
  if (!store || (key !== null && key !== store.key)) return;
  if (newValue === null) store.forget();
  else store.refresh();
  repaint();
}

/** What transfer.js works with. */
const page = () => ({ store, say, repaint });

/** A page is there: the first, one that instant navigation brought, or one from the back-forward cache. */
function arrive() {
  const id = document.querySelector(".rm")?.dataset.rmId;
  if (id && id !== store?.id) store = new Store(id, tell);
  else store?.refresh();
  showNotices();
  if (store) repaint();
}

document.addEventListener("change", onChange);
document.addEventListener("click", onClick);
// `toggle` does not bubble.
document.addEventListener("toggle", ({ target }) => store && target.matches("[data-left][open]") && fillLeft(target), true);
addEventListener("storage", onStorage);
addEventListener("pageshow", ({ persisted }) => persisted && arrive());
if (window.document$) window.document$.subscribe(arrive);
else arrive();
