"""The shape of the desk's database, and how an older file gets there. Only ever add a migration at the end."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

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
