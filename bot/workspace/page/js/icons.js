// Line icons on a 20 x 20 grid, drawn as SVG paths.

const PATHS = {
  add: "M10 4v12M4 10h12",
  back: "M12.5 4.5 7 10l5.5 5.5",
  bolt: "M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z",
  book: "M10 5.5C8 4 5.5 3.8 3 4.2v11c2.5-.4 5-.2 7 1.3 2-1.5 4.5-1.7 7-1.3v-11c-2.5-.4-5-.2-7 1.3zm0 0v11",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  close: "m5 5 10 10M15 5 5 15",
  code: "m7 6-4 4 4 4m6-8 4 4-4 4",
  copy: "M7 7h9v9H7zM4 13V4h9",
  edit: "M4 16l.8-3.6L13.5 3.7l2.8 2.8L7.6 15.2zM11.8 5.4l2.8 2.8",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zm7.5 2.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  hash: "M8 3.5 6.5 16.5M13.5 3.5 12 16.5M4 7.5h13M3 12.5h13",
  home: "M3.5 9.5 10 4l6.5 5.5V16.5h-4.5v-4.5h-4v4.5h-4.5z",
  lock: "M5.5 9h9v7h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  message: "M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5z",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  clip: "m15.5 9.5-5.6 5.6a3.3 3.3 0 0 1-4.7-4.7l6-6a2.2 2.2 0 0 1 3.1 3.1l-5.9 5.9a1.1 1.1 0 0 1-1.6-1.5l5.3-5.3",
  people: "M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm-5 6.5c0-3 2-4.5 5-4.5s5 1.5 5 4.5M13 4.3a3 3 0 0 1 0 5.4m1.5 2.6c2 .6 3 2 3 4.2",
  reply: "M3.5 4.5h13v8.5h-7l-3.5 3v-3h-2.5zM7 8.7h6",
  send: "m3.5 4 13.5 6-13.5 6 2-6zm2 6H11",
  stop: "M6 6h8v8H6z",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.3 8.2v.1m5.4-.1v.1M6.8 11.7c1.5 2.4 4.9 2.4 6.4 0",
  spark: "M10 3c.6 4 2.5 5.9 6.5 6.5-4 .6-5.9 2.5-6.5 6.5-.6-4-2.5-5.9-6.5-6.5C7.5 8.9 9.4 7 10 3z",
  trash: "M4.5 6h11M8 6V4h4v2M6 6l.7 10h6.6L14 6",
};

export function icon(name, size = 18) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: size, height: size, class: "icon" })) {
    svg.setAttribute(key, value);
  }
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.more);
  if (name === "more") path.setAttribute("stroke-width", "2.6");
  svg.append(path);
  return svg;
}
