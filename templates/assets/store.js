// What a learner has ticked and chosen, and how it is kept in localStorage.
//
// Storage is the truth. A write reads it again, changes only its own keys and writes it back. Two
// tabs can still read at the same moment, so each remembers its own changes and puts back, when it
// hears of another tab's write, those that it wrote over. Nothing here touches the document.

/** @typedef {[0 | 1, number]} Tick Whether it is ticked, and since when (ms since 1970). */
/** @typedef {[string, number]} Choice The branch ("" for none), and since when. */
/** @typedef {{ticks: Map<string, Tick>, choices: Map<string, Choice>, rest?: object}} Kept
 *  `rest` holds what else a stored value says, to be kept as it is. */
/** @typedef {{ticks?: Map<string, Tick | undefined>, choices?: Map<string, Choice | undefined>}} Change
 *  An entry that is undefined is removed. */
/** @typedef {"garbled" | "newer" | "blocked" | "full" | "stuck"} Trouble */

export const VERSION = 1;
const LAST_TIME = 8.64e15; // the latest that a Date can hold
const KINDS = /** @type {const} */ (["ticks", "choices"]);

/** @returns {Kept} */
export const nothing = () => ({ ticks: new Map(), choices: new Map() });

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime = (time) => Number.isFinite(time) && time >= 0 && time <= LAST_TIME;
const isValue = { ticks: (value) => value === 0 || value === 1, choices: (value) => typeof value === "string" };

/**
 * Reads the well-formed entries of a parsed value; `faults` counts the others.
 * @param {unknown} value
 * @returns {{kept: Kept, faults: number}}
 */
export function pick(value) {
  const kept = nothing();
  let faults = 0;
  for (const kind of KINDS) {
    const entries = value[kind] ?? {};
    if (!isObject(entries)) faults++;
    else
      for (const [key, entry] of Object.entries(entries))
        if (Array.isArray(entry) && isValue[kind](entry[0]) && isTime(entry[1])) kept[kind].set(key, [entry[0], entry[1]]);
        else faults++;
  }
  return { kept, faults };
}

/**
 * Reads what is stored, as far as it can be read.
 * @param {string | null} text
 * @returns {{kept: Kept, trouble?: Trouble}}
 */
export function parse(text) {
  if (text === null) return { kept: nothing() };
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below, with other values that are no progress.
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

/** Whether the entry `a` is to win over `b`: the newer, and in a tie the same one everywhere. */
export function wins(a, b) {
  return !b || a[1] > b[1] || (a[1] === b[1] && a[0] > b[0]);
}

/**
 * Takes over from `from` what wins, and says whether that was anything.
 * @param {Kept} into
 * @param {Kept} from
 */
export function merge(into, from) {
  let changed = false;
  for (const kind of KINDS)
    for (const [key, entry] of from[kind])
      if (wins(entry, into[kind].get(key))) {
        into[kind].set(key, entry);
        changed = true;
      }
  return changed;
}

/** @param {Kept} kept @param {Change} change */
function force(kept, change) {
  for (const kind of KINDS)
    for (const [key, entry] of change[kind] ?? [])
      if (entry) kept[kind].set(key, entry);
      else kept[kind].delete(key);
}

/** The time of a change made now, which wins even where the clock was set back since `entry`. */
export const after = (entry) => Math.max(Date.now(), entry ? entry[1] + 1 : 0);

export class Store {
  /**
   * @param {string} id the curriculum's
   * @param {(trouble: Trouble) => void} tell called whenever there is trouble
   */
  constructor(id, tell) {
    this.id = id;
    this.key = `roadmap-site:${id}`;
    this.tell = tell;
    /** @type {Kept} As last read, with this page's own changes. */
    this.kept = nothing();
    /** @type {Kept} This page's own changes. */
    this.own = nothing();
    this.refresh();
  }

  isTicked(key) {
    return this.kept.ticks.get(key)?.[0] === 1;
  }

  /** @returns {string} the branch chosen, "" for none */
  chosen(key) {
    return this.kept.choices.get(key)?.[0] ?? "";
  }

  /** The keys that are ticked, or chosen for, within a track; of any track without one. */
  begun(track) {
    const start = track === undefined ? "" : `${track}/`;
    const keys = [];
    for (const kind of KINDS)
      for (const [key, entry] of this.kept[kind]) if (entry[0] && key.startsWith(start)) keys.push(key);
    return keys;
  }

  tick(key, on) {
    this.change({ ticks: new Map([[key, [on ? 1 : 0, after(this.kept.ticks.get(key))]]]) });
  }

  choose(key, branch) {
    this.change({ choices: new Map([[key, [branch, after(this.kept.choices.get(key))]]]) });
  }

  /** Makes a change, whatever the times in it, and stores it if that can be done. */
  change(change) {
    const safe = this.read();
    force(this.own, change);
    force(this.kept, change);
    if (safe) this.write();
  }

  /** Reads what other tabs wrote, and puts back what they wrote over. */
  refresh() {
    if (this.read() && this.mended) this.write();
  }

  /** Forgets this page's own changes: someone emptied the storage. */
  forget() {
    this.own = nothing();
    this.kept = nothing();
    this.refresh();
  }

  /** Reads storage into `kept`, and says whether it may be written over. */
  read() {
    let text;
    try {
      text = localStorage.getItem(this.key);
    } catch {
      this.tell("blocked");
      return false;
    }
    const { kept, trouble } = parse(text);
    if (trouble === "garbled") merge(kept, this.kept);
    this.mended = merge(kept, this.own) && !trouble;
    this.kept = kept;
    if (!trouble) return true;
    const safe = this.backUp(text);
    this.tell(safe ? trouble : "stuck");
    return safe;
  }

  /** Copies a value that was not understood to where no earlier copy stands. */
  backUp(text) {
    try {
      for (let n = 1; ; n++) {
        const key = `${this.key}:backup${n > 1 ? `-${n}` : ""}`;
        const there = localStorage.getItem(key);
        if (there === null) localStorage.setItem(key, text);
        if (there === null || there === text) return true;
      }
    } catch {
      return false;
    }
  }

  write() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.kept.rest, ...plain(this.kept) }));
    } catch (error) {
      this.tell(error.name === "SecurityError" ? "blocked" : "full");
    }
  }
}
