// Building elements. Strings always become text, never HTML.

/** @param {string} tag @param {object} props properties to set @param {...(Node | string)} children */
export function make(tag, props, ...children) {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
}

export function button(text, work, className = "md-button") {
  const element = make("button", { type: "button", className }, text);
  element.addEventListener("click", work);
  return element;
}

/** A text of the curriculum, or of a file: isolated from the direction of what is around it,
 *  with what stands in backticks as code. */
export function words(text, limit = 300) {
  const parts = (text.length > limit ? `${text.slice(0, limit)}…` : text).split("`");
  const isCode = (index) => index % 2 === 1 && index < parts.length - 1;
  const unpaired = (index) => index % 2 === 1 && index === parts.length - 1;
  return make("bdi", {}, ...parts.map((part, i) => (isCode(i) ? make("code", {}, part) : unpaired(i) ? `\`${part}` : part)));
}

export const plural = (n, one) => `${n.toLocaleString("en")} ${one}${n === 1 ? "" : "s"}`;
