/** A coloured square with initials instead of a picture. */

import { h } from "./dom.js";

const COLOURS = ["#7a3e9d", "#0b6e99", "#2b7a4b", "#a4502b", "#b3275e", "#4a5fc1", "#7d5a00", "#4b6a7c"];

export function avatar(name) {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const initials = words.slice(0, 2).map((word) => [...word][0].toUpperCase());
  const sum = [...name].reduce((total, letter) => total + letter.codePointAt(0), 0);
  const square = h("span", { class: "avatar", "aria-hidden": "true" }, initials.join(""));
  square.style.background = COLOURS[sum % COLOURS.length];
  return square;
}
