// The suggestions themselves. `where`: a channel's name or "bot"; `fill`: what goes into the box; `point`: a button to point at;
// `reply`: fill the thread's box of the message that has the button `point`; `missing`: what to say if there is none.

export const TITLES = {
  end_user: "You are at work in a new system, and something is unclear.",
  coach: "You help people through the roll-out. Floorwalker brings you what it cannot answer.",
  admin: "You look after Floorwalker and its training material.",
};

const NO_TICKET = "No ticket is waiting yet. Be an end user for a moment and ask something that Floorwalker cannot know.";

export const STEPS = {
  end_user: [
    { title: "Ask something it knows", text: "It quotes the training material", where: "bot", fill: "How do I submit an expense claim?" },
    { title: "Ask something it cannot know", text: "You get a ticket, never a guess", where: "bot", fill: "Why does my badge not open the car park gate?" },
    {
      title: "Press “Still stuck”", text: "Under an answer that did not help", where: "bot", point: "Still stuck",
      missing: "There is no answer to press it on yet. Ask a question first.",
    },
    { title: "Mention it in a channel", text: "It answers in a thread", where: "go-live", fill: "@floorwalker who has to approve a purchase of £8,000?" },
  ],
  coach: [
    { title: "Claim a ticket", text: "Each is a card in #coaches", where: "coaches", point: "Claim", missing: NO_TICKET },
    { title: "Reply in the card’s thread", text: "The asker reads it in theirs", where: "coaches", point: "Resolve", reply: true, fill: "I’ll look into it and come back to you within the hour.", missing: NO_TICKET },
    { title: "Write a note with //", text: "It stays among coaches", where: "coaches", point: "Resolve", reply: true, fill: "// Ben, wasn’t that changed last week?", missing: NO_TICKET },
    { title: "Resolve it", text: "And teach Floorwalker the answer", where: "coaches", point: "Resolve", missing: NO_TICKET },
  ],
  admin: [
    { title: "/floorwalker health", text: "Is everything in order?", where: "bot", fill: "/floorwalker health" },
    { title: "/floorwalker reindex", text: "Take in changed documents", where: "bot", fill: "/floorwalker reindex" },
    { title: "Ask a question yourself", text: "The answer names its source", where: "bot", fill: "Where can I try Quaymark without breaking anything?" },
    { title: "Look behind the scenes", text: "Events and API calls, live", where: "bot", fill: "", log: true },
  ],
};
