-- +goose Up
-- One row: the version of the whole register. Processes reload when it moves.
CREATE TABLE places_register (
    id      BIGINT  NOT NULL PRIMARY KEY,
    version BIGINT  NOT NULL,
    pending BOOLEAN NOT NULL -- rows were changed by an import that has not ended
);
INSERT INTO places_register (id, version, pending) VALUES (1, 1, FALSE);

-- digest: of the row's content, so that a repeated import changes nothing.
CREATE TABLE places_territory (
    code       TEXT   NOT NULL PRIMARY KEY,
    parent     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    short      TEXT   NOT NULL,
    name_en    TEXT   NOT NULL,
    population BIGINT NOT NULL,
    area       BYTEA  NOT NULL, -- geometries: kind, parts, differences of microdegrees
    digest     BIGINT NOT NULL
);

CREATE TABLE places_locality (
    code       TEXT   NOT NULL PRIMARY KEY,
    territory  TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    name_en    TEXT   NOT NULL,
    population BIGINT NOT NULL,
    lat        BIGINT NOT NULL, -- microdegrees
    lon        BIGINT NOT NULL,
    area       BYTEA  NOT NULL,
    digest     BIGINT NOT NULL
);

CREATE TABLE places_street (
    code     TEXT   NOT NULL PRIMARY KEY,
    locality TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    path     BYTEA  NOT NULL,
    digest   BIGINT NOT NULL
);

CREATE TABLE places_address (
    code    TEXT   NOT NULL PRIMARY KEY,
    street  TEXT   NOT NULL,
    house   TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    lat     BIGINT NOT NULL,
    lon     BIGINT NOT NULL,
    outline BYTEA  NOT NULL,
    digest  BIGINT NOT NULL
);

CREATE TABLE places_asset (
    code       TEXT   NOT NULL PRIMARY KEY,
    thing      TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    class      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    territory  TEXT   NOT NULL,
    street     TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    owner      TEXT   NOT NULL, -- code of an organisation, '' unknown
    operator   TEXT   NOT NULL,
    valid_from TEXT   NOT NULL, -- ISO date, '' open
    valid_to   TEXT   NOT NULL,
    shape      BYTEA  NOT NULL,
    digest     BIGINT NOT NULL
);
