// Comparing tracks of a curriculum that has more than fit side by side: the page shows the first
// few, and what else is chosen is put together from the tracks' data files.

import { loadTrack, siteUrl } from "./curriculum.js";
import { make, prose } from "./dom.js";

/** @import {Track} from "./types.d.ts" */

const CELLS = 2; // links in a cell, as the server renders it

/** Shows the chosen tracks, and keeps a reader from choosing more than fit. */
export async function compare(fieldset) {
  const boxes = [...fieldset.querySelectorAll("input")];
  const chosen = boxes.filter((box) => box.checked);
  const isFull = chosen.length >= Number(fieldset.dataset.compare);
  for (const box of boxes) box.disabled = !box.checked && isFull;
  const tracks = await Promise.all(chosen.map((box) => loadTrack(box.value)));
  if (boxes.some((box) => box.checked !== chosen.includes(box))) return; // chosen otherwise meanwhile
  const [facts, matrix] = document.querySelectorAll("table.compare");
  for (const table of [facts, matrix]) fillHead(table.tHead.rows[0], tracks);
  for (const [position, row] of [...facts.tBodies[0].rows].entries()) {
    const cells = tracks.map((track) => make("td", {}, prose(track.facts[position] || "not stated")));
    row.replaceChildren(row.cells[0], ...cells);
  }
  for (const body of [...matrix.tBodies]) body.remove();
  matrix.append(...areasOf(tracks));
}

function fillHead(row, tracks) {
  const heads = tracks.map((track) => {
    const badge = make("a", { className: "badge", href: siteUrl(track.url) }, prose(track.short));
    badge.dataset.tone = track.tone;
    return make("th", { scope: "col" }, badge);
  });
  row.replaceChildren(row.cells[0], ...heads);
}

/** @param {Track[]} tracks */
function areasOf(tracks) {
  const topics = new Map();
  for (const track of tracks)
    for (const [order, id, label, area, where] of track.topics) {
      const topic = topics.get(id) ?? { order, id, label, area, where: new Map() };
      topics.set(id, topic);
      topic.where.set(track, where.map((position) => track.places[position]));
    }
  const areas = new Map();
  for (const topic of [...topics.values()].sort((a, b) => a.order - b.order))
    areas.set(topic.area, [...(areas.get(topic.area) ?? []), topic]);
  return [...areas].map(([area, rows]) => {
    const head = make("th", { scope: "rowgroup", colSpan: tracks.length + 1 }, prose(area));
    const first = make("tr", { className: "group" }, head);
    return make("tbody", {}, first, ...rows.map((topic) => rowOf(topic, tracks)));
  });
}

function rowOf({ id, label, where }, tracks) {
  const url = siteUrl(`topics/${id}/`);
  const head = make("th", { scope: "row" }, make("a", { href: url }, prose(label)));
  const cells = tracks.map((track) => {
    const places = where.get(track) ?? [];
    const links = places.slice(0, CELLS).flatMap((place) => [linkTo(place, label), " "]);
    const more = places.length - CELLS;
    if (more > 0) links.push(make("a", { href: url }, `+${more}`));
    const cell = make("td", {}, ...links);
    cell.dataset.tone = track.tone;
    return cell;
  });
  return make("tr", {}, head, ...cells);
}

function linkTo(place, topic) {
  const hidden = make("span", { className: "sr" }, `${topic}: `);
  return make("a", { href: siteUrl(place.url) }, hidden, prose(place.label || place.title));
}
