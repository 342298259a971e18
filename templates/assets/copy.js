// A button at each block of code that copies it.

import { button } from "./controls.js";

/** @param {(text: string) => void} say */
export function offerCopies(say) {
  for (const block of document.querySelectorAll(".highlight:not(:has(> .copy))")) {
    const code = block.querySelector("code");
    if (!code || !navigator.clipboard) continue; // browsers offer it to safe origins only
    block.append(button("Copy", ({ target }) => copy(code, target, say), "quiet copy"));
  }
}

async function copy(code, pressed, say) {
  const done = await navigator.clipboard.writeText(code.textContent).then(() => "Copied", () => "Could not copy");
  pressed.textContent = done;
  say(done);
}
