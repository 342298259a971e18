// What reset.js and transfer.js talk to a reader with.

import { make } from "./dom.js";

export function button(text, work, className = "quiet") {
  const element = make("button", { type: "button", className }, text);
  element.addEventListener("click", work);
  return element;
}

/** "1 tick", "20,000 ticks" */
export const plural = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
