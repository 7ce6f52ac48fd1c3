-- +goose Up

-- Fact ids grow with time: the newest notices have the greatest.
CREATE TABLE notify_notice (
    person_id UUID   NOT NULL,
    fact_id   UUID   NOT NULL,
    kind      TEXT   NOT NULL,
    subject   UUID   NOT NULL,
    number    TEXT   NOT NULL,
    place     TEXT   NOT NULL,
    args      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (person_id, fact_id)
) WITHOUT ROWID;

-- How far a person has read: notices after seen are new.
CREATE TABLE notify_reader (
    person_id UUID PRIMARY KEY,
    seen      UUID NOT NULL
) WITHOUT ROWID;
