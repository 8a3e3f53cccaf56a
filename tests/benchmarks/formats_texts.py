"""What the files of `formats_folder` that are text from the beginning say, by their names."""

from __future__ import annotations

_MARKDOWN = '''---
title: Leave and absence
owner: People team
---

# Leave and absence

!!! warning "Before the freeze"
    Leave for December is entered by 15 November.

    Later requests go to the People team.

--8<-- "snippets/legal.md"

## How much leave

| Years with us | Days | Carried over |
|---|---:|---|
| up to 2 | 25 | 3 |
| 3 to 9 | 27 | 5 |
| 10 and more | 30 | 5 |

> [!NOTE]
> Bank holidays come on top.

## Ask for leave

1. Open **My time**, *Leave*.
2. Choose the days.
    - Half days are marked with a click on the morning or the afternoon.
    - Days that are taken already are grey.
3. Press **Ask**.

=== "Phone"

    Swipe to the left first.

=== "Desktop"

    Press **Ctrl+L**.

![The calendar of leave with grey days](calendar.png)
'''
_RST = """=====================
Freeze at year's end
=====================

.. include:: legal.rst

When it begins
==============

The freeze begins on **18 December** at noon. Until 3 January nobody can change master data.

.. warning::

   Invoices that wait for approval on that day are returned to the clerk.

What still works
----------------

* Goods receipts

  * in all stores
  * with the scanner only

* Time sheets

========== ================= ==========
Job        Who               Telephone
========== ================= ==========
Payments   Treasury          ext. 7731
Passwords  Service desk      ext. 4114
========== ================= ==========

.. figure:: freeze.png
   :alt: Calendar with the days of the freeze in blue

   The days of the freeze
"""
_ASCIIDOC = """= Deputies
:toc:

Who is away names a deputy.

== Name a deputy

. Open *Settings*.
. Choose _Absence_.
.. Enter the first day.
.. Enter the last day.
. Press *Save*.

NOTE: A deputy cannot approve what they asked for themselves.

[cols="1,2",options="header"]
|===
|Kind |What the deputy may do
|Reader |look at the tasks
|Approver |decide up to £2,000
|===

include::legal.adoc[]

image::absence.png[The page Absence with both dates]
"""
_HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Supplier accounts | Tarnbrook intranet</title>
<style>body {color: black}</style><script>console.log("menu")</script></head>
<body><header><p>Tarnbrook intranet</p></header>
<nav><ul><li><a href="/">Home</a></li><li><a href="/canteen">Canteen menu</a></li></ul></nav>
<main><h1>Supplier accounts</h1><p>Suppliers are opened by the <strong>master data team</strong>.</p>
<h2 id="needed">What you need</h2><ul><li>The VAT number</li><li>Bank details<ul><li>signed by two people</li>
<li>not older than six months</li></ul></li></ul>
<h2 id="time">How long it takes</h2><table><thead><tr><th rowspan="2">Country</th><th colspan="2">Working days</th></tr>
<tr><th>new</th><th>change</th></tr></thead><tbody><tr><td>United Kingdom</td><td>2</td><td>1</td></tr>
<tr><td>elsewhere</td><td>7</td><td>3</td></tr></tbody></table>
<dl><dt>Blocked supplier</dt><dd>No order can be sent to it.</dd></dl>
<img src="form.png" alt="The form with the field for the VAT number in red">
<details><summary>Is there a fast way?</summary><p>For amounts below £50, use a purchase card.</p></details></main>
<footer><p>Imprint and privacy</p></footer></body></html>
"""
_PLAIN = """PARKING AT THE PLANT

Visitors park on deck B. The barrier opens with the code on the invitation.

Bicycles
--------

Bicycles stand in the cage beside gate 3:
 - the key is at the porter's
 - charging is free between six and two

Electric cars may charge for four hours, then they have to make room.
"""
_CSV = '''id,question,also_asked,answer,owner
badge,What do I do when my badge is lost?,badge gone|lost my card,Report it at reception desk B; they block it.,Site
vpn,How do I reach Quaymark from home?,home office access,"Start **Tidegate VPN** first, then open Quaymark.",IT
,Which browser do I need?,,Edge or Firefox; Safari cannot print labels.,IT
'''
_VTT = """WEBVTT

NOTE made by the recorder

1
00:00:01.000 --> 00:00:05.500
<v Ana Reyes>Welcome to the webinar about time sheets.

2
00:00:05.500 --> 00:00:11.000
<v Ana Reyes>Today you see how to copy last week's sheet,
so that you type less.

3
00:12:30.000 --> 00:12:34.000
<v Ben Okafor>To copy it, open the menu with three dots and choose Copy week.

4
00:12:34.500 --> 00:12:40.000
<v Ben Okafor>Holidays are not copied; enter them by hand.
"""
_SRT = """1
00:00:02,000 --> 00:00:06,000
Open the flap of the label printer on its left side.

2
00:01:10,000 --> 00:01:15,000
Lay the new roll in with the <i>labels facing up</i>.
"""
_TRANSCRIPT = """[00:00:05] Carla Diaz: Good morning. We talk about the stock count.
[00:03:20] Dev Patel: The count is on Saturday, and no lorry is unloaded before noon.
[00:04:02] Carla Diaz: Differences above two hundred pounds are counted twice.
"""
TEXTS = {
    "leave.md": _MARKDOWN, "freeze.rst": _RST, "deputies.adoc": _ASCIIDOC, "suppliers.html": _HTML,
    "parking.txt": _PLAIN, "faq.csv": _CSV, "webinar.vtt": _VTT, "printer.srt": _SRT, "meeting.txt": _TRANSCRIPT,
    "approvals.pdf.meta.yaml": "owner: Finance Operations\nurl: https://intranet.example/approvals.pdf\n",
}
