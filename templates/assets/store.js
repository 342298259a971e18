// What a learner ticked and chose, kept in localStorage. A write reads it again and changes only
// its own entries. As two tabs may read at once, each remembers its own changes, and puts back
// those that another tab's write went over. Nothing here touches the document.

/** @import {Kept, Change, Trouble} from "./types.d.ts" */

export const VERSION = 1;
export const KINDS = /** @type {const} */ (["ticks", "choices"]);
const LAST_TIME = 8.64e15; // the latest that a Date can hold

/** @returns {Kept} */
export const nothing = () => ({ ticks: new Map(), choices: new Map() });

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime = (time) => Number.isFinite(time) && time >= 0 && time <= LAST_TIME;
const isValue = { ticks: (value) => value === 0 || value === 1, choices: (value) => typeof value === "string" };
const isEntry = (kind, entry) => Array.isArray(entry) && isValue[kind](entry[0]) && isTime(entry[1]);

/** The well-formed entries of a parsed value, and how many are not.
 * @returns {{kept: Kept, faults: number}} */
export function pick(value) {
  const kept = nothing();
  let faults = 0;
  for (const kind of KINDS) {
    const entries = value[kind] ?? {};
    if (!isObject(entries)) faults++;
    else
      for (const [key, entry] of Object.entries(entries))
        if (isEntry(kind, entry)) kept[kind].set(key, [entry[0], entry[1]]);
        else faults++;
  }
  return { kept, faults };
}

/** Reads what is stored, as far as it goes.
 * @param {string | null} text
 * @returns {{kept: Kept, trouble?: Trouble}} */
export function parse(text) {
  if (text === null) return { kept: nothing() };
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    // no object either
  }
  if (!isObject(value)) return { kept: nothing(), trouble: "garbled" };
  const { kept, faults } = pick(value);
  const { v, ticks, choices, ...rest } = value;
  kept.rest = rest;
  if (v > VERSION) return { kept, trouble: "newer" };
  return faults || v !== VERSION ? { kept, trouble: "garbled" } : { kept };
}

/** @param {Kept} kept */
export function plain({ ticks, choices }) {
  return { v: VERSION, ticks: Object.fromEntries(ticks), choices: Object.fromEntries(choices) };
}

/** Whether entry `a` wins over `b`; a tie ends alike in every tab. */
export const wins = (a, b) => !b || a[1] > b[1] || (a[1] === b[1] && a[0] > b[0]);

/** Takes over what wins, and says whether anything did. */
function merge(into, from) {
  let changed = false;
  for (const kind of KINDS)
    for (const [key, entry] of from[kind])
      if (wins(entry, into[kind].get(key))) {
        into[kind].set(key, entry);
        changed = true;
      }
  return changed;
}

function force(kept, change) {
  for (const kind of KINDS)
    for (const [key, entry] of change[kind] ?? [])
      if (entry) kept[kind].set(key, entry);
      else kept[kind].delete(key);
}

/** Copies what stands under former keys of `from` to where `resolve` says it is now, and says whether
 * that changed anything. The old entries stay: a page of before may still be open. */
function carry(kept, from, resolve) {
  const now = nothing();
  for (const kind of KINDS)
    for (const [key, entry] of from[kind] ?? []) {
      const there = resolve(key);
      if (entry && there !== key && wins(entry, now[kind].get(there))) now[kind].set(there, entry);
    }
  return merge(kept, now);
}

/** The time of a change made now; it wins even if the clock was set back since `entry`. */
export const after = (entry) => Math.max(Date.now(), entry ? entry[1] + 1 : 0);

export class Store {
  kept = nothing(); // what was last read, with this page's own changes
  own = nothing(); // these alone
  followed = ""; // where the map of moves came from
  resolve = (key) => key;

  /** @param {string} id the curriculum's @param {(trouble: Trouble) => void} tell */
  constructor(id, tell) {
    this.id = id;
    this.key = `roadmap-site:${id}`;
    this.tell = tell;
    this.refresh();
  }

  isTicked(key) {
    return this.kept.ticks.get(key)?.[0] === 1;
  }

  /** The branch chosen, "" for none. */
  chosen(key) {
    return this.kept.choices.get(key)?.[0] ?? "";
  }

  /** The tracks with a tick or a choice. */
  begun() {
    const tracks = new Set();
    for (const kind of KINDS)
      for (const [key, entry] of this.kept[kind]) if (entry[0] && !this.isFormer(key)) tracks.add(key.split("/", 1)[0]);
    return tracks;
  }

  /** Whether what stood under a key stands elsewhere now. */
  isFormer(key) {
    return this.resolve(key) !== key;
  }

  /** From now on, ticks follow what moved. @param {string} address of the map @param {(key: string) => string} resolve */
  follow(address, resolve) {
    this.followed = address;
    this.resolve = resolve;
    this.refresh();
  }

  /** Copies entries under former keys to where they belong now. @param {Change} from */
  carry(from, into = from) {
    return this.followed !== "" && carry(into, from, this.resolve);
  }

  tick(key, on) {
    this.change({ ticks: new Map([[key, [on ? 1 : 0, after(this.kept.ticks.get(key))]]]) });
  }

  choose(key, branch) {
    this.change({ choices: new Map([[key, [branch, after(this.kept.choices.get(key))]]]) });
  }

  /** Makes a change, whatever its times, and stores it if possible. @param {Change} change */
  change(change) {
    const isSafe = this.#read();
    force(this.own, change);
    force(this.kept, change);
    this.carry(change, this.kept);
    if (isSafe) this.#write();
  }

  /** Reads what other tabs wrote, and writes what they wrote over, or know nothing of. */
  refresh() {
    const isSafe = this.#read();
    if (isSafe && this.isBehind) this.#write();
  }

  /** Someone emptied the storage: this page's changes go too. */
  forget() {
    this.own = nothing();
    this.kept = nothing();
    this.refresh();
  }

  /** Reads storage, and says whether it may be written over. */
  #read() {
    let text;
    try {
      text = localStorage.getItem(this.key);
    } catch {
      this.tell("blocked");
      return false;
    }
    const { kept, trouble } = parse(text);
    if (trouble === "garbled") merge(kept, this.kept);
    // Trouble is not answered: a newer version in another tab would answer in turn.
    const changes = [merge(kept, this.own), this.carry(kept)];
    this.isBehind = changes.includes(true) && !trouble;
    this.kept = kept;
    if (!trouble) return true;
    this.tell(trouble);
    return this.#setAside(text);
  }

  /** Copies what was not understood to where no earlier copy stands. */
  #setAside(text) {
    try {
      for (let n = 1; ; n++) {
        const key = `${this.key}:backup${n > 1 ? `-${n}` : ""}`;
        const there = localStorage.getItem(key);
        if (there === null) localStorage.setItem(key, text);
        if (there === null || there === text) return true;
      }
    } catch {
      this.tell("full");
      return false;
    }
  }

  #write() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.kept.rest, ...plain(this.kept) }));
    } catch (error) {
      this.tell(error.name === "SecurityError" ? "blocked" : "full");
    }
  }
}
