-- +goose Up
CREATE TABLE journal_fact (
    id           UUID   PRIMARY KEY,
    tx           UUID   NOT NULL,
    kind         TEXT   NOT NULL,
    subject      UUID   NOT NULL,
    version      BIGINT NOT NULL,
    person       UUID,
    role         TEXT   NOT NULL,
    organisation UUID,
    at           BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    body         TEXT
);
CREATE INDEX journal_fact_subject ON journal_fact (subject, at, id);

-- state is filling (a backfill runs), settling (it ended; deliveries that were
-- on their way may still come) or live. kinds are separated by spaces.
CREATE TABLE journal_consumer (
    name    TEXT   PRIMARY KEY,
    kinds   TEXT   NOT NULL,
    state   TEXT   NOT NULL,
    upto    UUID,
    reached UUID,
    since   BIGINT NOT NULL
);

-- Which facts a consumer has taken since its backfill began; empty when live.
CREATE TABLE journal_seen (
    consumer TEXT NOT NULL,
    fact     UUID NOT NULL,
    PRIMARY KEY (consumer, fact)
) WITHOUT ROWID;
