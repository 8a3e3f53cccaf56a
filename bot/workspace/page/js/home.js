// App Home: what the bot shows to one person, in its direct messages under "Home".

import { byId, el, fill } from "./dom.js";
import { post } from "./api.js";
import { on, state, user } from "./store.js";
import { remember, renderView } from "./views.js";

let shown = "";

export function startHome() {
  on("home", render);
  on("place", ({ before }) => {
    announce(before);
    render();
  });
}

/** Tells the app that its Home, or its messages, are being looked at. */
function announce(before) {
  const changed = before.me !== state.me || before.channel !== state.channel || before.tab !== state.tab;
  if (!changed || state.channels.get(state.channel)?.kind !== "im") return;
  post("open_home", { user: state.me, tab: state.tab }).catch(() => {});
}

function render() {
  const box = byId("home");
  if (state.tab !== "home") return;
  const key = JSON.stringify([state.me, state.home]);
  if (key === shown && box.childElementCount) return;
  const saved = remember(box);
  const scroll = box.scrollTop;
  shown = key;
  fill(box, el("div", { class: "home-page" }, state.home ? renderView(state.home, box, saved) : empty()));
  box.scrollTop = scroll;
}

const empty = () =>
  el("p", { class: "muted centred" }, `${user(state.bot)?.real_name ?? "The app"} has not filled its Home yet.`);
