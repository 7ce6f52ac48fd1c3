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

CREATE TABLE journal_consumer (
    name    TEXT   PRIMARY KEY,
    state   TEXT   NOT NULL,
    upto    UUID,
    reached UUID,
    made    BIGINT NOT NULL
);

-- Which facts a consumer has taken while it is being backfilled.
CREATE TABLE journal_seen (
    consumer TEXT NOT NULL,
    fact     UUID NOT NULL,
    PRIMARY KEY (consumer, fact)
);
