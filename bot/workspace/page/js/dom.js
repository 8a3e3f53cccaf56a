// Building elements. Data only ever goes in as text nodes and attributes, never as HTML.

/** el("p", {class: "note", onclick: f, "aria-label": "…"}, child, "text", …) */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(node, name, value);
  node.append(...present(children));
  return node;
}

/** Puts `children` in the place of what `node` holds; the focus goes to the control where the focused one was. */
export function fill(node, ...children) {
  const focused = controls(node).indexOf(document.activeElement);
  node.replaceChildren(...present(children));
  if (focused >= 0) controls(node).at(focused)?.focus({ preventScroll: true });
}

const controls = (node) => [...node.querySelectorAll("button, a, input, select, textarea")];

const present = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

function setProperty(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "style") Object.entries(value).forEach(([key, v]) => v !== undefined && node.style.setProperty(key, v));
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name in node && typeof value !== "string") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** Makes `parent` hold exactly `nodes`, in order, moving as little as possible: focus and scroll survive. */
export function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] ?? null);
  });
}

export const byId = (id) => document.getElementById(id);

/** Follows a link only to where a message may lead: never `javascript:` or `data:`. */
export function safeUrl(url) {
  return /^(https?:|mailto:|tel:)/i.test(url) ? url : null;
}

/** Image addresses: the web, or the workspace's own files. */
export function safeImage(url) {
  return /^https?:\/\//i.test(url ?? "") || /^\/(?!\/)/.test(url ?? "") ? url : null;
}

/** Runs `f` once, a moment after the last call. */
export function debounced(f, milliseconds) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => f(...args), milliseconds);
  };
}
