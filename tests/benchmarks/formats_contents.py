"""What the Word, PowerPoint, Excel and PDF files of `formats_folder` say; their markup is made by `formats_office`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from xml.sax.saxutils import escape

from tests.benchmarks.formats_office import cells, frame, heading, p, picture, points, slide, table, tag, words

_OBJECTS = (
    "purchase request", "purchase order", "goods receipt", "supplier invoice", "credit note", "payment run",
    "delivery note", "stock transfer", "stock count", "price list", "discount agreement", "customer order",
    "sales quote", "return shipment", "warranty claim", "service visit", "spare part", "work order", "machine plan",
    "shift roster", "time sheet", "expense claim", "cost centre", "budget line", "month-end close")
_ACTIONS = (
    ("Create", "saves it as a draft"), ("Change", "keeps the earlier version"), ("Show", "changes nothing"),
    ("Approve", "tells the requester at once"), ("Cancel", "asks for a reason"), ("Print", "opens the preview first"),
    ("Archive", "hides it from the lists"), ("Import", "reads a file of up to 500 lines"),
    ("Export", "writes a workbook"), ("Assign", "moves it to another colleague"),
    ("Compare", "marks the differences in yellow"), ("Copy", "takes over everything but the dates"))
_ROLES = ("Buyer", "Budget holder", "Storekeeper", "Clerk in accounts", "Planner", "Shift leader", "Key user")
_SCREEN = (
    ("Screen QM-{number} is reached by Menu, {things}, {action}, or by typing QM-{number} into the search field. You "
    "need the role {role}."),
    ("{fields} fields are mandatory; each is marked by a red corner. If nothing is typed for {minutes} minutes, the "
    "screen closes and what was not saved is lost."),
    ("The button {action} {effect}. Below the table of the {thing}s the last ten changes are listed with the name of "
    "whoever made them, and the time."))


def handbook() -> str:
    """With a table of contents, a note, a comment, a deletion that is tracked, merged cells, a picture, a text box."""
    by = tag("dc:creator", "Eve")
    deletion = tag("text:deletion", tag("office:change-info", by, tag("dc:date", "2026-01-05T10:00:00")),
                   tag("text:p", "Requests on paper are taken, too."))
    note = tag('text:note text:note-class="footnote"', tag("text:note-citation", "1"),
               tag("text:note-body", p("Framework orders are approved once a year.")))
    comment = tag("office:annotation", by, p("Ask Finance whether this holds."))
    contents = [p(f"{name}<text:tab/>1", style="Contents1") for name in ("What approvals are for", "Who approves what")]
    pictured = tag('draw:frame draw:name="Picture" text:anchor-type="as-char" svg:width="6cm" svg:height="2cm"',
                   *picture("The button Return on the task page"))
    box = tag('draw:frame draw:name="Box" text:anchor-type="as-char" svg:width="8cm" svg:height="1.5cm"',
              words(p("Remember: a request that is returned three times is closed.")))
    guide = tag('text:a xlink:type="simple" xlink:href="https://intranet.example/deputies"', "the guide to deputies")
    return "".join([
        tag("text:tracked-changes", tag('text:changed-region text:id="c1"', deletion)),
        p("Purchase approvals handbook", style="Title"),
        tag('text:table-of-content text:name="Contents"', '<text:table-of-content-source text:outline-level="2"/>',
            tag("text:index-body", p("Contents", style="ContentsHead"), *contents)),
        heading(1, "What approvals are for"),
        p("Every purchase request goes to an ", tag('text:span text:style-name="Bold"', "approver"), " before the "
          f'supplier sees an order{note}. <text:change text:change-id="c1"/>The approver is named on your cost '
          f"centre.{comment}"),
        heading(2, "Who approves what"),
        table(3, cells("Amount", "Approver and time", "", spans={1: 'table:number-columns-spanned="2"'}),
              cells("up to £500", "line manager", "one working day", spans={2: 'table:number-rows-spanned="2"'}),
              cells("£500 to £5,000", "budget holder", ""),
              cells("over £5,000", "finance director", "five working days")),
        heading(2, "Send a request back"),
        points("Open the request from My tasks.", ("Choose Return and write what is missing.",
                                                   "The requester sees your words.", "The request keeps its number."),
               "Press Send.", style="Steps"),
        p(pictured), p(box),
        heading(1, "When the approver is away"),
        p("Set a deputy under Settings, Absence. The deputy gets all new tasks while you are away; tasks that are open "
          f"already stay with you. See {guide}."),
        heading(2, "Emergencies"), p("Call the service desk on extension 4114; they move a task by hand."),
        points(("Have the number of the request at hand.", "It begins with PR-.",
                "It stands in the upper right corner."), "Say until when it is needed.")])


_SCANNER = {
    "Charging":
        "The scanner is charged in the cradle beside the packing table. A full charge takes three hours and lasts for "
        "a shift of nine hours. A red light that blinks means that the battery has less than ten per cent left, and "
        "the scanner should go into the cradle at the next break.",
    "Reading labels":
        "Hold the scanner ten centimetres above the label and press the yellow key. Two short tones tell that the "
        "label was read; one long tone tells that the goods are unknown in Quaymark. Labels that are torn are typed in "
        "by hand: press F4, enter the twelve digits, and confirm with the green key.",
    "Cold store":
        "In the cold store the glass mists over for the first two minutes. Wait at the door, or wipe it with the cloth "
        "from the grey box. Scanners that stay below minus twenty degrees for longer than an hour switch themselves "
        "off, and have to be warmed up before they start again.",
    "Losing the network":
        "Without a network the scanner keeps up to two hundred readings. They are sent by themselves when the bar at "
        "the top turns blue. Do not switch the scanner off before, because the readings are kept in its working memory "
        "only, and would have to be taken once more."}


def columns() -> str:
    """Two columns below a heading across both, on two pages."""
    told = [heading(2, head) + p(text) for head, text in _SCANNER.items()]
    bays = [p(f"Bay {number}: the scanners of this bay are kept in cabinet {number + 40}, and the shift leader signs "
              "for them in the morning and in the evening.") for number in range(1, 41)]
    return heading(1, "The hand scanner") + tag('text:section text:style-name="Two" text:name="two"', *told, *bays)


def manual() -> str:
    """A chapter for each object, and on each page a screen: `QM-217` on page 217 of 300."""
    luck = random.Random(7)
    return "".join(text for chapter, thing in enumerate(_OBJECTS)
                   for text in _chapter(thing, chapter * len(_ACTIONS) + 1, luck))


def _chapter(thing: str, first: int, luck: random.Random) -> Iterator[str]:
    things = f"{thing.capitalize()}s"
    yield heading(1, things, page=True)
    for number, (action, effect) in enumerate(_ACTIONS, start=first):
        yield heading(2, f"{action} a {thing} (QM-{number})", page=number > first)
        told = {"number": number, "thing": thing, "things": things, "action": action, "effect": effect,
                "role": luck.choice(_ROLES), "fields": luck.randint(2, 14), "minutes": luck.randint(3, 90)}
        yield from (p(escape(text.format(**told))) for text in _SCREEN)


def deck() -> list[str]:
    """Slides with a list in a list, notes, a table, two shapes side by side, a picture, and one that is hidden."""
    body = "1.5 3.5 25 11"
    rows = [("Country", "Per day", "Per night"), ("Norway", "£64", "£155"), ("Portugal", "£41", "£98"),
            ("Ireland", "£52", "£131")]
    return [
        slide("Travel expenses for approvers", frame("3 6 22 4", words(p("What changes on 1 March")), kind="subtitle"),
              notes="Welcome everybody and say that the slides are on the intranet."),
        slide("What you check", frame(body, words(points(
            "The receipt is readable", ("The trip was agreed", "Trips abroad need the division's head",
                                        "Day trips need nobody"), "The cost centre is yours")), kind="outline"),
              notes="Receipts below ten pounds are not needed any more."),
        slide("Allowances", frame("2 4 24 6", table(3, "", *(cells(*row) for row in rows)))),
        slide("Do and do not", frame("1.5 4 12 8", words(p("Do"), p("Ask for the missing receipt."),
                                                         p("Approve within three days."))),
              frame("14.5 4 12 8", words(p("Do not"), p("Change the amount yourself."),
                                         p("Approve your own claim.")))),
        slide("Where the button is", frame("3 5 12 4", *picture("Approve all stands at the lower right of the list"))),
        slide("Kept for questions", frame(body, words(p("Rates of last year")), kind="outline"), hidden=True)]


SHEETS = {
    "Questions": [["question", "also_asked", "answer", "owner"],
                  ["Where do I book a company car?", "pool car;hire a car",
                   "In Quaymark under Travel, Pool cars; the keys are at reception.", "Fleet"],
                  ["Who pays for parking at the airport?", "", "The company, for up to four days.", "Fleet"],
                  ["", "", "An answer without a question.", "Fleet"]],
    "Rates": [["Mileage rates, valid for all sites"], ["Vehicle", "Pence per mile|", "Since"],
              ["", "first 10,000", "after that", ""], ["Car", "45", "25", "2026-04-01"],
              ["Motorcycle", "24", "24", "2026-04-01"], ["Bicycle", "20", "20.5", "2025-04-06"]],
    "Old": [["Vehicle", "Pence per mile"], ["Car", "40"]],
}
