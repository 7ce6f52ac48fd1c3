-- +goose Up
-- Who read what. Append-only.
CREATE TABLE privacy_read (
    id           UUID   NOT NULL PRIMARY KEY,
    person       UUID,             -- who read; NULL: the program's operator
    role         TEXT   NOT NULL,  -- by which role, or the operator's name
    organisation UUID,             -- on whose behalf
    subject      UUID,             -- whose data; NULL: of many, a list
    thing        UUID,             -- what was opened: a case, a file
    what         TEXT   NOT NULL,  -- code: casework.read, casework.list, attachment.read …
    reason       TEXT   NOT NULL,  -- what the reader gave as a reason, where one was needed
    filter       TEXT   NOT NULL,  -- of a list: codes of the filter
    typed        BYTEA  NOT NULL,  -- of a search: the typed words, sealed under the reader's key
    shown        BIGINT NOT NULL,  -- of a list: how many rows
    at           BIGINT NOT NULL
);
-- One index for each way of asking, in the order of the list; of all, the key
-- itself. A list that somebody opened stands in two of them alone: it is the
-- reading that happens most.
CREATE INDEX privacy_read_subject ON privacy_read (subject, at, id) WHERE subject IS NOT NULL;
CREATE INDEX privacy_read_thing ON privacy_read (thing, at, id) WHERE thing IS NOT NULL;
CREATE INDEX privacy_read_person ON privacy_read (person, at, id);
CREATE INDEX privacy_read_organisation ON privacy_read (organisation, at, id);
