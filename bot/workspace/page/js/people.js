// Who is there: somebody new, and who comes into a channel or leaves it.

import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { askBox, asked, choice, confirmBox, showError, toast } from "./dialogs.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { go } from "./place.js";
import { fullName, loadWorkspace, state } from "./store.js";

const KINDS = {
  member: "Member of this organisation", guest: "Guest in several channels", single_channel_guest: "Guest in one channel",
  outsider: "From another organisation", deactivated: "Deactivated", app: "Another app’s bot",
};
const KIND_SIGNS = { guest: "Guest", single_channel_guest: "Guest", outsider: "Other organisation", app: "Bot" };

/** What a person is besides their role; empty for plain members. */
export const kindSign = (person) => (person.deleted ? "Deactivated" : KIND_SIGNS[person.kind] ?? "");

/** Asks for somebody new, and lets one be them at once. */
export async function addPerson() {
  const given = await askBox({
    title: "Add somebody", confirm: "Add",
    fields: [
      asked("Name", el("input", { name: "name", class: "text-field", required: true, maxlength: "80", autocomplete: "off", pattern: ".*\\S.*", autofocus: true })),
      asked("Kind", choice("kind", KINDS, "member"), "The app sees them as it would see such a person in Slack."),
    ],
  });
  if (!given) return;
  try {
    const { user } = await post("person", { name: given.get("name"), kind: given.get("kind") });
    await loadWorkspace();
    if (user.deleted) toast(`${user.real_name} is there, but deactivated.`);
    else go({ me: user.id });
  } catch (error) {
    showError(error);
  }
}

/** The number of members; a click shows them, to be taken out, and the others, to be brought in. */
export function membersButton(channel) {
  const node = el("button", {
    type: "button", class: "members", "aria-haspopup": "menu", "aria-expanded": "false", title: channel.members.map(fullName).join(", "),
    "aria-label": `${channel.members.length} members`, onclick: () => openMenu(node, entries(channel), `Members of #${channel.name}`),
  }, channel.members.slice(0, 3).map((id) => avatar(id, "tiny")), icon("people", 16), el("span", { class: "members-count" }, String(channel.members.length)));
  return node;
}

function entries(channel) {
  const everybody = [...state.users.values()].filter((one) => !one.deleted);
  const entry = (one, note, action) => ({ icon: avatar(one.id, "small"), label: one.real_name, note, action: () => action(channel, one) });
  const [here, elsewhere] = [true, false].map((inside) => everybody.filter((one) => channel.members.includes(one.id) === inside));
  return [
    { heading: `In #${channel.name}` },
    ...here.map((one) => entry(one, one.id === state.me ? "You · leave" : "Take out", takeOut)),
    elsewhere.length && { heading: "Not in it" },
    ...elsewhere.map((one) => entry(one, "Bring in", bringIn)),
  ].filter(Boolean);
}

const bringIn = (channel, one) => post("join", { user: state.me, channel: channel.id, who: one.id }).catch(showError);

async function takeOut(channel, one) {
  const me = one.id === state.me;
  const sure = await confirmBox({
    title: me ? `Leave #${channel.name}?` : `Take ${one.real_name} out of #${channel.name}?`,
    text: me ? "Somebody who is in it can bring you in again." : "They can be brought in again.", confirm: me ? "Leave" : "Take out", style: "danger",
  });
  if (sure) post("leave", { user: state.me, channel: channel.id, who: one.id }).catch(showError);
}
