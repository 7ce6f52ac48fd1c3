-- +goose Up
-- Attachments. state: pending, clean, infected, unscannable. Moments are
-- milliseconds, 0 means never. store is the name of the bytes as they were
-- sent; they are gone when source_gone is true. sealed is FALSE for all: the
-- bytes are stored open.
CREATE TABLE blob_object (
    id            UUID    PRIMARY KEY,
    version       BIGINT  NOT NULL,
    owner         UUID    NOT NULL,
    uploader      UUID    NOT NULL,
    name          TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    size          BIGINT  NOT NULL,
    sha256        BYTEA   NOT NULL,
    store         TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    width         BIGINT  NOT NULL,
    height        BIGINT  NOT NULL,
    linked        BOOLEAN NOT NULL,
    sealed        BOOLEAN NOT NULL,
    created       BIGINT  NOT NULL,
    processed     BIGINT  NOT NULL,
    source_after  BIGINT  NOT NULL,
    source_gone   BOOLEAN NOT NULL,
    deleted_after BIGINT  NOT NULL
);
CREATE UNIQUE INDEX blob_object_store ON blob_object (store);
CREATE INDEX blob_object_owner ON blob_object (owner);
CREATE INDEX blob_object_unsent ON blob_object (uploader) WHERE linked = FALSE;

-- What others see of a file: its cleaned copy and the smaller ones of images.
CREATE TABLE blob_variant (
    object_id UUID   NOT NULL,
    variant   TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    size      BIGINT NOT NULL,
    sha256    BYTEA  NOT NULL,
    store     TEXT   NOT NULL,
    width     BIGINT NOT NULL,
    height    BIGINT NOT NULL,
    PRIMARY KEY (object_id, variant)
);
CREATE UNIQUE INDEX blob_variant_store ON blob_variant (store);
