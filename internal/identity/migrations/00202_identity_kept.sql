-- +goose Up
-- What browsers sent after their session had ended, for the time of signing in
-- again. The key of the sealed words stands in the browser's cookie alone.
CREATE TABLE identity_kept (
    hash    BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the cookie
    account UUID   NOT NULL,             -- who signed in last from that browser: shown to nobody else
    sealed  BYTEA  NOT NULL,
    ends    BIGINT NOT NULL
);
CREATE INDEX identity_kept_account ON identity_kept (account, ends);
