// Building elements. Strings become text, never HTML.

/** @param {object} props properties to set @param {...(Node | string)} children */
export function make(tag, props, ...children) {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
}

/** A text of the curriculum or a file: backticks make code, and its direction stays its own. */
export function prose(text, limit = 300) {
  const clipped = text.length > limit ? `${text.slice(0, limit)}…` : text;
  const parts = clipped.split(/`([^`]+)`/);
  return make("bdi", {}, ...parts.map((part, i) => (i % 2 ? make("code", {}, part) : part)));
}

/** Replaces what differs, and keeps the focus on the same link, else on `other`. */
export function replace(region, content, other) {
  const fresh = make("div", {}, ...content);
  if (region.innerHTML === fresh.innerHTML) return;
  const focused = region.contains(document.activeElement) && document.activeElement.href;
  region.replaceChildren(...fresh.childNodes);
  if (focused === false) return;
  const links = [...region.querySelectorAll("a")];
  (links.find((link) => link.href === focused) ?? other ?? links[0])?.focus();
}
