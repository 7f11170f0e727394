/** Build and update elements. */

const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "hidden", "open", "indeterminate"]);
let lastId = 0;

export const freshId = (stem) => `${stem}-${++lastId}`;

/** Build an element. Strings become text nodes, never HTML; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  return element;
}

function setAttribute(element, name, value) {
  if (value == null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/**
 * Make `container` show `items` in order, touching only those whose signature changed.
 * An item is {key, signature, build}; `build()` returns its element.
 */
export function keyed(container, items) {
  const old = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const kept = items.map((item) => renewed(old.get(item.key), item));
  const wanted = new Set(kept);
  for (const child of [...container.children]) if (!wanted.has(child)) child.remove();
  kept.forEach((child, index) => {
    if (container.children[index] !== child) container.insertBefore(child, container.children[index] ?? null);
  });
}

function renewed(child, { key, signature, build }) {
  if (child && child.signature === signature) return child;
  const fresh = build();
  fresh.dataset.key = key;
  fresh.signature = signature;
  if (child) keepingFocus(child, () => child.replaceWith(fresh));
  return fresh;
}

/** Run `change`; if it removed the focused element of `area`, focus its replacement (same data-focus). */
export function keepingFocus(area, change) {
  const focused = area.contains(document.activeElement) ? document.activeElement : null;
  const around = area.parentElement;
  const { selectionStart, selectionEnd } = focused ?? {};
  change();
  if (!focused?.dataset.focus || focused.isConnected) return;
  const successor = (area.isConnected ? area : around).querySelector(
    `[data-focus="${CSS.escape(focused.dataset.focus)}"]`,
  );
  successor?.focus({ preventScroll: true });
  if (successor && selectionStart != null) successor.setSelectionRange?.(selectionStart, selectionEnd);
}

/** Name an element so that keepingFocus finds its replacement. */
export const focusName = (...parts) => parts.join("|");

/** Debounce: call `act` after `delayMs` without further calls. */
export function debounced(act, delayMs) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), delayMs);
  };
}
