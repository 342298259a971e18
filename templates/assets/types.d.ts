// The shapes that pass between the modules. Only editors and type checkers read this file.

/** Whether an item is ticked, and since when (ms since 1970). */
export type Tick = [0 | 1, number];
/** The branch chosen ("" for none), and since when. */
export type Choice = [string, number];

/** What a learner has done. Ticks by "track/place/item", choices by "track/phase". */
export interface Kept {
  ticks: Map<string, Tick>;
  choices: Map<string, Choice>;
  /** What else a stored value says, to be kept as it is. */
  rest?: object;
}

/** Entries to set; one that is undefined is removed. */
export interface Change {
  ticks?: Map<string, Tick | undefined>;
  choices?: Map<string, Choice | undefined>;
}

export type Trouble = "garbled" | "newer" | "blocked" | "full" | "offline";

/** How far a place, a month, a track or the site has come. */
export interface Tally {
  /** What is required, and what of it is ticked. */
  total: number;
  done: number;
  /** What is not required, and what of it is ticked. */
  extras: number;
  extraDone: number;
  /** Whether a branch is still to be chosen. */
  waiting: boolean;
  /** Whether anything is ticked, counted or not. */
  begun: boolean;
  /** The id of the first required item that is open; only where the page itself was counted. */
  next?: string;
}

/** How an item's branch stands; "taken" also for an item of no branch. */
export type Standing = "taken" | "apart" | "undecided";

/** What the modules that are fetched later work with. */
export interface Page {
  store: import("./store.js").Store;
  say(text: string): void;
  repaint(): void;
  /** Has the store follow what moved, if anything is ticked, or always. */
  follow(always?: true): Promise<void>;
}

/** assets/roadmap/data/moves.json: old to new ids of tracks, keys of places, keys of ticks. */
export interface Moves {
  tracks?: Record<string, string>;
  places?: Record<string, string>;
  items?: Record<string, string>;
}

/** assets/roadmap/data/site.json */
export interface Site {
  id: string;
  tracks: { id: string; title: string; short: string; url: string; required: number }[];
}

/** assets/roadmap/data/<track>.json */
export interface Track {
  id: string;
  title: string;
  short: string;
  url: string;
  places: Place[];
  tone: number;
  /** What a comparison lists, in the order of its rows. */
  facts: string[];
  /** Position in the vocabulary, id, label, area, positions of the places that teach it. */
  topics: [number, string, string, string, number[]][];
}

export interface Place {
  id: string;
  label: string;
  title: string;
  url: string;
  phase: string;
  branches?: { id: string; title: string }[];
  items: Item[];
}

/** Flag 1: left out of totals. */
export type Item = [id: string, text: string, flags: number, branch?: string];
