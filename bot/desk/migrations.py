"""The shape of the desk's database, and how an older file gets there. Only ever add a migration at the end."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.desk.readable_views import READABLE

migrations = Migrations("floorwalker_desk")

_FIRST = """
CREATE TABLE answers (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
    asker TEXT NOT NULL, via TEXT NOT NULL, channel TEXT NOT NULL, thread TEXT, source_ts TEXT NOT NULL,
    question TEXT NOT NULL, files TEXT NOT NULL, asked_at TEXT NOT NULL,
    verdict TEXT NOT NULL, confidence REAL NOT NULL, text TEXT NOT NULL, quotes TEXT NOT NULL, hits TEXT NOT NULL,
    generation INTEGER NOT NULL,
    message_channel TEXT, message_ts TEXT,
    outcome TEXT CHECK (outcome IN ('helped', 'passed_on'))
);
CREATE INDEX answers_thread ON answers (channel, thread, asker);
CREATE INDEX answers_source ON answers (channel, source_ts);

CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('new', 'claimed', 'waiting', 'resolved', 'closed')),
    origin TEXT NOT NULL CHECK (origin IN ('handed_over', 'still_stuck', 'requested')),
    question TEXT NOT NULL, files TEXT NOT NULL,
    asker TEXT NOT NULL, asker_channel TEXT NOT NULL, asker_thread TEXT, source_channel TEXT NOT NULL,
    source_ts TEXT NOT NULL,
    card_channel TEXT NOT NULL, card_ts TEXT,
    owner TEXT, answer_id INTEGER REFERENCES answers (id), resolution TEXT,
    opened_at TEXT NOT NULL, changed_at TEXT NOT NULL
);
CREATE INDEX tickets_asker ON tickets (asker);
CREATE INDEX tickets_state ON tickets (state);
CREATE INDEX tickets_asker_thread ON tickets (asker_channel, asker_thread);
CREATE INDEX tickets_card ON tickets (card_channel, card_ts);
CREATE INDEX tickets_source ON tickets (source_channel, source_ts);

CREATE TABLE history (
    id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets (number),
    step TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL,
    source_channel TEXT NOT NULL, source_ts TEXT NOT NULL
);
CREATE INDEX history_ticket ON history (ticket);
CREATE INDEX history_source ON history (source_channel, source_ts);

CREATE TABLE links (
    id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets (number),
    source_channel TEXT NOT NULL, source_ts TEXT NOT NULL, author TEXT NOT NULL,
    copy_channel TEXT NOT NULL, copy_ts TEXT,
    UNIQUE (source_channel, source_ts)
);

CREATE TABLE lessons (
    ticket INTEGER PRIMARY KEY REFERENCES tickets (number),
    question TEXT NOT NULL, answer TEXT NOT NULL, author TEXT NOT NULL, taught_at TEXT NOT NULL,
    written_at TEXT
);

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, payload TEXT NOT NULL,
    conversation TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'held', 'working', 'done', 'failed')),
    attempts INTEGER NOT NULL, due_at TEXT NOT NULL, received_at TEXT NOT NULL, error TEXT
);
CREATE INDEX inbox_state ON inbox (state, due_at);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    channel TEXT NOT NULL, thread TEXT NOT NULL, user TEXT NOT NULL,
    ticket INTEGER REFERENCES tickets (number), content TEXT NOT NULL, respond_url TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'given_up')),
    attempts INTEGER NOT NULL, doubtful INTEGER NOT NULL, due_at TEXT NOT NULL, added_at TEXT NOT NULL,
    sent_at TEXT, ts TEXT, reason TEXT
);
CREATE INDEX outbox_waiting ON outbox (channel, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_state ON outbox (state, due_at);

CREATE TABLE done_once (key TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
"""


@migrations()
def first_tables(db: Database) -> None:
    """Questions and answers, tickets with their history, what came in, what goes out."""
    db.executescript(_FIRST)


@migrations()
def lessons_taken_in(db: Database) -> None:
    """When an index held a lesson; of older ones nobody knows, so the next index confirms them."""
    db.execute("ALTER TABLE lessons ADD COLUMN taken_in_at TEXT")


@migrations()
def conversations(db: Database) -> None:
    """What the asker may choose from, in which language they asked, and which earlier question theirs follows."""
    db.execute("ALTER TABLE answers ADD COLUMN choices TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE answers ADD COLUMN language TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE answers ADD COLUMN follows INTEGER REFERENCES answers (id)")


_SERVICE_DESK = """
CREATE TABLE tickets_anew (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('new', 'claimed', 'waiting', 'parked', 'resolved', 'closed')),
    priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    area TEXT NOT NULL DEFAULT '',
    origin TEXT NOT NULL CHECK (origin IN ('handed_over', 'still_stuck', 'requested')),
    question TEXT NOT NULL, files TEXT NOT NULL,
    asker TEXT NOT NULL, asker_channel TEXT NOT NULL, asker_thread TEXT, source_channel TEXT NOT NULL,
    source_ts TEXT NOT NULL,
    card_channel TEXT NOT NULL, card_ts TEXT,
    owner TEXT, assigned TEXT,
    answer_id INTEGER REFERENCES answers (id), resolution TEXT, reason TEXT,
    duplicate_of INTEGER REFERENCES tickets_anew (number), snoozed_until TEXT,
    opened_at TEXT NOT NULL, changed_at TEXT NOT NULL
);
INSERT INTO tickets_anew (number, key, state, origin, question, files, asker, asker_channel, asker_thread,
        source_channel, source_ts, card_channel, card_ts, owner, answer_id, resolution, opened_at, changed_at)
    SELECT number, key, state, origin, question, files, asker, asker_channel, asker_thread,
        source_channel, source_ts, card_channel, card_ts, owner, answer_id, resolution, opened_at, changed_at
    FROM tickets;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'tickets') WHERE name = 'tickets_anew'
    AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'tickets');
DROP TABLE tickets;
ALTER TABLE tickets_anew RENAME TO tickets;
CREATE INDEX tickets_asker ON tickets (asker);
CREATE INDEX tickets_state ON tickets (state);
CREATE INDEX tickets_asker_thread ON tickets (asker_channel, asker_thread);
CREATE INDEX tickets_card ON tickets (card_channel, card_ts);
CREATE INDEX tickets_source ON tickets (source_channel, source_ts);
CREATE INDEX tickets_duplicate ON tickets (duplicate_of) WHERE duplicate_of IS NOT NULL;

CREATE INDEX history_step ON history (step, text, at);

CREATE TABLE former_cards (
    channel TEXT NOT NULL, ts TEXT NOT NULL, ticket INTEGER NOT NULL REFERENCES tickets (number),
    PRIMARY KEY (channel, ts)
) WITHOUT ROWID;
CREATE TABLE ticket_tags (
    ticket INTEGER NOT NULL REFERENCES tickets (number), tag TEXT NOT NULL, PRIMARY KEY (ticket, tag)
) WITHOUT ROWID;
CREATE TABLE related_tickets (
    ticket INTEGER NOT NULL REFERENCES tickets (number), other INTEGER NOT NULL REFERENCES tickets (number),
    PRIMARY KEY (ticket, other)
) WITHOUT ROWID;
CREATE TABLE duty (coach TEXT PRIMARY KEY, on_duty INTEGER NOT NULL, changed_at TEXT NOT NULL) WITHOUT ROWID;
"""


@migrations()
def service_desk(db: Database) -> None:
    """Priorities, areas, parked and snoozed tickets, why one ended, duplicates, tags, and who is on duty."""
    db.executescript(_SERVICE_DESK)


@migrations()
def references(db: Database) -> None:
    """One reference number from what came in to the messages that follow from it, and when that came in."""
    db.execute("ALTER TABLE inbox ADD COLUMN reference TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE outbox ADD COLUMN reference TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE outbox ADD COLUMN caused_at TEXT")


_REVIEWS = """
ALTER TABLE lessons ADD COLUMN state TEXT NOT NULL DEFAULT 'approved'
    CHECK (state IN ('draft', 'approved', 'rejected', 'withdrawn'));
ALTER TABLE lessons ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE lessons ADD COLUMN near TEXT NOT NULL DEFAULT '[]';
ALTER TABLE lessons ADD COLUMN reviewer TEXT;
ALTER TABLE lessons ADD COLUMN edited_by TEXT;
ALTER TABLE lessons ADD COLUMN reworded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lessons ADD COLUMN decided_by TEXT;
ALTER TABLE lessons ADD COLUMN decided_at TEXT;
ALTER TABLE lessons ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE lessons ADD COLUMN extends INTEGER REFERENCES lessons (ticket);
ALTER TABLE lessons ADD COLUMN held_in INTEGER;
ALTER TABLE lessons ADD COLUMN told_at TEXT;
ALTER TABLE lessons ADD COLUMN message_channel TEXT;
ALTER TABLE lessons ADD COLUMN message_ts TEXT;
-- What was taught before there were reviews counts as approved by its author, and nobody is told of it now.
UPDATE lessons SET decided_by = author, decided_at = taught_at, told_at = taught_at,
    held_in = CASE WHEN written_at IS NULL THEN NULL ELSE ticket END;
CREATE INDEX lessons_extends ON lessons (extends) WHERE extends IS NOT NULL;
"""


@migrations()
def reviews(db: Database) -> None:
    """What is taught is a draft first, which a reviewer approves, edits, rejects, or adds to another entry."""
    db.executescript(_REVIEWS)


@migrations()
def readable(db: Database) -> None:
    """Views for people who look into the file. A later migration that builds a table anew drops and remakes them."""
    db.executescript(READABLE)


@migrations()
def forgotten_people(db: Database) -> None:
    """How many people were forgotten, and when; nothing that leads back to them."""
    db.execute("CREATE TABLE forgotten (number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL)")


@migrations()
def early_edits(db: Database) -> None:
    """What messages read by now that have not been received yet."""
    db.execute("CREATE TABLE early_edits (channel TEXT NOT NULL, ts TEXT NOT NULL, text TEXT NOT NULL,"
               " at TEXT NOT NULL, PRIMARY KEY (channel, ts)) WITHOUT ROWID")


@migrations()
def private_answers(db: Database) -> None:
    """Into which thread the asker may share an answer that only they have seen."""
    db.execute("ALTER TABLE answers ADD COLUMN beside TEXT NOT NULL DEFAULT ''")
    db.execute("CREATE INDEX answers_conversation ON answers (channel, coalesce(thread, beside), asker)")


@migrations()
def restricted_documents(db: Database) -> None:
    """Which documents of an answer were not for everybody when it was given."""
    db.execute("ALTER TABLE answers ADD COLUMN restricted TEXT NOT NULL DEFAULT '[]'")
