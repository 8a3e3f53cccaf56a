// What a careful eye would find wrong with the page as it stands: sentences, none if all is well.
// Runs in the page. While a modal is open, only the modal counts: the rest cannot be used.
() => {
  const CONTROLS = "button, a[href], input, select, textarea, summary, [role=option], [tabindex='0']";
  const ON_TOP = ".menu, .suggestions, .log"; // these lie above the rest on purpose, until they are closed
  const SMALLEST = 24; // pixels: WCAG 2.2, target size
  const modal = document.querySelector("dialog[open]");
  const root = modal ?? document.body;
  const found = new Set();

  const named = (node) => {
    const words = (node.getAttribute("aria-label") ?? node.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}${node.className && typeof node.className === "string" ? `.${node.className.split(" ")[0]}` : ""} “${words}”`;
  };

  const shown = (node) =>
    node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !node.closest(".hidden-text, .skip, [inert]");

  /** The part of an element that its scrolling and clipping ancestors let through. */
  const visiblePart = (node) => {
    let { left, top, right, bottom } = node.getBoundingClientRect();
    for (let up = node.parentElement; up && !up.matches("dialog"); up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.position === "fixed") break;
      if (style.overflow === "visible") continue;
      const box = up.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    return { left, top, right, bottom };
  };

  const scrollsSideways = (node) => {
    for (let up = node; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth + 1) return true;
    return false;
  };

  // Colours

  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colours = new Map();
  const colour = (text) => {
    if (!colours.has(text)) {
      probe.clearRect(0, 0, 1, 1);
      probe.fillStyle = text;
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
      colours.set(text, [r, g, b, a / 255]);
    }
    return colours.get(text);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const stops = (image) => image.match(/(?:rgba?|color|oklab|oklch|color-mix)\([^()]*\)/g) ?? [];

  /** Every colour that may lie behind an element: several where there is a gradient. */
  const behind = (node) => {
    const layers = [];
    for (let up = node; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      const own = style.backgroundImage === "none" ? [] : stops(style.backgroundImage).map(colour);
      const plain = colour(style.backgroundColor);
      if (own.length) layers.push(own);
      if (plain[3] > 0) layers.push([plain]);
      if ((own.length && own.every((one) => one[3] === 1)) || plain[3] === 1) break;
    }
    let under = [colour(getComputedStyle(document.documentElement).colorScheme === "dark" ? "black" : "white")];
    for (const layer of layers.reverse()) under = layer.flatMap((one) => under.map((below) => over(one, below)));
    return under;
  };

  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const opacity = (node) => {
    let all = 1;
    for (let up = node; up; up = up.parentElement) all *= Number(getComputedStyle(up).opacity);
    return all;
  };

  const readable = (node, style, what) => {
    const [r, g, b, a] = colour(style.color);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const faint = a * opacity(node) * (style.opacity && what === "placeholder" ? Number(style.opacity) : 1);
    const worst = Math.min(...behind(node).map((below) => ratio(over([r, g, b, faint], below), below)));
    if (worst < (large ? 3 : 4.5)) found.add(`${what} of ${named(node)} has a contrast of ${worst.toFixed(2)}`);
  };

  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !shown(node) || node.closest(":disabled, .emoji, script, option")) continue;
    readable(node, getComputedStyle(node), "text");
  }
  for (const node of root.querySelectorAll("input[placeholder], textarea[placeholder]")) {
    if (shown(node) && node.placeholder && !node.value) readable(node, getComputedStyle(node, "::placeholder"), "placeholder");
  }

  // Room

  if (document.scrollingElement.scrollWidth > innerWidth) found.add(`the page is ${document.scrollingElement.scrollWidth} pixels wide`);
  for (const node of root.querySelectorAll("*")) {
    if (!shown(node) || scrollsSideways(node)) continue;
    const { left, right, width } = node.getBoundingClientRect();
    if (width && (right > innerWidth + 1 || left < -1)) found.add(`${named(node)} reaches out of the window`);
  }

  // Controls

  const name = (node) => {
    const labelled = (node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("");
    return [node.getAttribute("aria-label"), labelled, [...(node.labels ?? [])].map((one) => one.textContent).join(""), node.textContent, node.title, node.querySelector("img")?.alt].some((one) => one?.trim());
  };

  for (const node of root.querySelectorAll(CONTROLS)) {
    if (node.matches("input[type=file], dialog") || !shown(node)) continue;
    if (!name(node)) found.add(`${named(node)} has no accessible name`);
    if (node.matches(".scroller, pre")) continue;
    const whole = node.getBoundingClientRect();
    const part = visiblePart(node);
    const inView = part.right - part.left > 2 && part.bottom - part.top > 2 && part.top < innerHeight && part.bottom > 0;
    if (!inView) continue;
    if (!scrollsSideways(node) && (part.right < whole.right - 1 || part.left > whole.left + 1)) found.add(`${named(node)} is cut off at its side`);
    if (node.matches("button") && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow !== "visible") found.add(`${named(node)} is too narrow for its text`);
    const inText = node.matches("a") || node.matches(".as-link, input[type=checkbox], input[type=radio]");
    if (!inText && (whole.width < SMALLEST || whole.height < SMALLEST)) found.add(`${named(node)} is only ${Math.round(whole.width)} × ${Math.round(whole.height)} pixels`);
    const [x, y] = [(part.left + part.right) / 2, (part.top + part.bottom) / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight || getComputedStyle(node).pointerEvents === "none" || node.getClientRects().length > 1) continue;
    const top = document.elementFromPoint(x, y);
    if (top?.closest(ON_TOP) && !node.closest(ON_TOP)) continue;
    if (top && !node.contains(top) && !top.contains(node) && !top.closest("label")?.contains(node)) found.add(`${named(node)} lies below ${named(top)}`);
  }
  return [...found];
}
