-- +goose Up

-- Reports that came from files: which row of which source became which case,
-- written with the case, so that the same file twice adds nothing. digest is
-- of the words; topic, agency and category are what the file said.
CREATE TABLE casework_imported (
    source      TEXT   NOT NULL,
    external_id TEXT   NOT NULL,
    case_id     UUID   NOT NULL,
    digest      BYTEA  NOT NULL,
    topic       TEXT   NOT NULL,
    agency      TEXT   NOT NULL,
    category    TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (source, external_id)
);
