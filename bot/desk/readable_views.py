"""Views with readable names and times, for Datasette, for SQL by hand, and for `floorwalker tickets`.

The SQL belongs to the migrations that run it: another shape of a view is another migration, which drops the old one.
A migration that builds a table anew drops the views (`DROP_READABLE`) first and makes them again.
"""

from __future__ import annotations


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column})"


def _minutes(start: str, end: str) -> str:
    return f"CAST(round((julianday({end}) - julianday({start})) * 1440) AS INTEGER)"


READABLE = f"""
CREATE VIEW tickets_overview AS
WITH told AS (
    SELECT ticket,
        min(CASE WHEN step IN ('asked_back', 'coach_replied', 'resolved') THEN at END) AS responded_at,
        max(CASE WHEN step IN ('resolved', 'dismissed', 'merged') THEN at END) AS ended_at,
        sum(step = 'reopened') AS reopened, sum(step = 'escalated') AS escalated
    FROM history GROUP BY ticket),
stood AS (
    SELECT tickets.*, told.responded_at, told.reopened, told.escalated,
        CASE WHEN state IN ('resolved', 'closed') THEN coalesce(told.ended_at, changed_at) END AS ended_at
    FROM tickets LEFT JOIN told ON told.ticket = tickets.number)
SELECT 'FW-' || number AS ticket, number, state, priority, area, asker, owner, assigned AS asked_to_take_it,
    question, resolution, reason AS ended_because,
    CASE WHEN duplicate_of IS NOT NULL THEN 'FW-' || duplicate_of END AS same_as,
    (SELECT group_concat(tag, ', ') FROM (SELECT tag FROM ticket_tags WHERE ticket = number ORDER BY tag)) AS tags,
    origin, {_iso("opened_at")} AS opened_at, {_iso("responded_at")} AS first_response_at,
    {_iso("ended_at")} AS resolved_at, {_minutes("opened_at", "responded_at")} AS minutes_to_first_response,
    {_minutes("opened_at", "ended_at")} AS minutes_to_resolution, {_iso("changed_at")} AS last_change_at,
    coalesce(reopened, 0) AS times_reopened, coalesce(escalated, 0) AS times_escalated
FROM stood;

CREATE VIEW ticket_history AS
SELECT 'FW-' || ticket AS ticket, ticket AS number, {_iso("at")} AS at,
    CASE actor WHEN '' THEN 'the bot' ELSE actor END AS who, step AS what, text AS words
FROM history ORDER BY id;

CREATE VIEW questions_and_verdicts AS
SELECT {_iso("asked_at")} AS asked_at, asker, via AS asked_by, question, verdict, round(confidence, 3) AS confidence,
    CASE outcome WHEN 'helped' THEN 'that helped' WHEN 'passed_on' THEN 'still stuck' END AS outcome,
    json_extract(quotes, '$[0].document') AS quoted_document, json_extract(quotes, '$[0].section') AS quoted_section,
    (SELECT 'FW-' || min(number) FROM tickets WHERE answer_id = answers.id) AS ticket, generation AS index_generation
FROM answers;

CREATE VIEW coaches_load AS
WITH coaches AS (
    SELECT owner AS coach FROM tickets WHERE owner IS NOT NULL UNION SELECT assigned FROM tickets
    WHERE assigned IS NOT NULL UNION SELECT coach FROM duty)
SELECT coach,
    (SELECT count(*) FROM tickets WHERE owner = coach AND state = 'claimed') AS at_work,
    (SELECT count(*) FROM tickets WHERE owner = coach AND state = 'waiting') AS waiting_for_asker,
    (SELECT count(*) FROM tickets WHERE owner = coach AND state = 'parked') AS waiting_for_others,
    (SELECT count(*) FROM tickets WHERE assigned = coach AND state = 'new') AS asked_to_take,
    (SELECT count(*) FROM tickets WHERE owner = coach AND state IN ('resolved', 'closed')) AS ended,
    CASE (SELECT on_duty FROM duty WHERE duty.coach = coaches.coach) WHEN 0 THEN 'off duty' ELSE '' END AS switched
FROM coaches;

CREATE VIEW messages_waiting AS
SELECT id, kind, channel, CASE WHEN ticket IS NOT NULL THEN 'FW-' || ticket END AS ticket, state,
    attempts AS failed_attempts, CASE doubtful WHEN 1 THEN 'may have arrived' ELSE '' END AS doubt,
    {_iso("added_at")} AS waiting_since, {_iso("due_at")} AS next_attempt_at, reference
FROM outbox WHERE state IN ('pending', 'sending');

CREATE VIEW taught_entries AS
SELECT 'FW-' || ticket AS ticket, question, answer, author, {_iso("taught_at")} AS taught_at, state FROM lessons;
"""  # noqa: S608

DROP_READABLE = "\n".join(f"DROP VIEW IF EXISTS {name};" for name in (
    "tickets_overview", "ticket_history", "questions_and_verdicts", "coaches_load", "messages_waiting",
    "taught_entries"))
