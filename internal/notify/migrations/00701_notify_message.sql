-- +goose Up
-- What is sent to the outside: one row for one event and channel, kept so that
-- what became of it is seen.
CREATE TABLE notify_message (
    id         UUID   NOT NULL PRIMARY KEY, -- made of event and channel: a repeat is the same message
    channel    TEXT   NOT NULL,             -- email, sms
    kind       TEXT   NOT NULL,
    lang       TEXT   NOT NULL,
    subject    UUID   NOT NULL,             -- whose key seals
    address    BYTEA  NOT NULL,             -- sealed
    args       BYTEA  NOT NULL,             -- sealed; empty once nothing is sent any more
    state      TEXT   NOT NULL,             -- queued, sent, failed, unknown
    tries      BIGINT NOT NULL,
    reason     TEXT   NOT NULL,             -- code of the last failure; empty: none
    made_at    BIGINT NOT NULL,
    tried_at   BIGINT NOT NULL,             -- 0: not yet
    settled_at BIGINT NOT NULL,             -- 0: queued
    until      BIGINT NOT NULL              -- after it the message is of no use
);
CREATE INDEX notify_message_subject ON notify_message (subject);
CREATE INDEX notify_message_settled ON notify_message (settled_at);
