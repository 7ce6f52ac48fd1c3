-- +goose Up
CREATE TABLE db_once (
    actor       UUID   NOT NULL,
    operation   TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    fingerprint BYTEA  NOT NULL,
    made        UUID   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (actor, operation, key)
) WITHOUT ROWID;
CREATE INDEX db_once_at ON db_once (at);

-- Rows by which a transaction without facts is found again after a connection
-- was lost during COMMIT (PostgreSQL); swept after an hour.
CREATE TABLE db_tx (
    id UUID   PRIMARY KEY,
    at BIGINT NOT NULL
) WITHOUT ROWID;
