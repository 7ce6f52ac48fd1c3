-- +goose Up
-- A subject's data keys, wrapped by the key-encryption key of version kek.
-- An erased key keeps its row, so that what it sealed is known to be gone.
CREATE TABLE vault_key (
    subject UUID   NOT NULL,
    version BIGINT NOT NULL,
    kek     BIGINT NOT NULL,
    wrapped BYTEA,
    made    BIGINT NOT NULL,
    erased  BIGINT,
    PRIMARY KEY (subject, version)
);
CREATE INDEX vault_key_kek ON vault_key (kek) WHERE erased IS NULL;
