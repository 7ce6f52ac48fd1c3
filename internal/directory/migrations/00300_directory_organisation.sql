-- +goose Up
CREATE TABLE directory_organisation (
    id         UUID    NOT NULL PRIMARY KEY,
    version    BIGINT  NOT NULL,
    parent     UUID,
    code       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    name_en    TEXT    NOT NULL,
    short      TEXT    NOT NULL,
    short_en   TEXT    NOT NULL,
    hours      TEXT    NOT NULL, -- JSON: zone and week
    oversees   BOOLEAN NOT NULL, -- reads by territory what other organisations hold
    active     BOOLEAN NOT NULL,
    made_at    BIGINT  NOT NULL
);

-- Uniqueness of codes, keyed by the code.
CREATE TABLE directory_code (
    code         TEXT NOT NULL PRIMARY KEY,
    organisation UUID NOT NULL
);

CREATE TABLE directory_territory (
    organisation UUID NOT NULL,
    territory    TEXT NOT NULL,
    PRIMARY KEY (organisation, territory)
);

-- Offices: persons in organisations.
CREATE TABLE directory_officer (
    organisation UUID   NOT NULL,
    person       UUID   NOT NULL,
    version      BIGINT NOT NULL,
    roles        TEXT   NOT NULL, -- separated by spaces
    title        TEXT   NOT NULL, -- «инженер»
    title_en     TEXT   NOT NULL,
    since        BIGINT NOT NULL,
    absent_until BIGINT NOT NULL, -- 0: at work
    PRIMARY KEY (organisation, person)
);
CREATE INDEX directory_officer_person ON directory_officer (person);

CREATE TABLE directory_setting (
    name    TEXT   NOT NULL,
    scope   TEXT   NOT NULL, -- id of an organisation; empty: the installation
    since   BIGINT NOT NULL, -- effective from
    value   TEXT   NOT NULL,
    source  TEXT   NOT NULL, -- the act or decision that it rests on
    made_at BIGINT NOT NULL,
    PRIMARY KEY (name, scope, since)
);

-- One row: which state of the tree and of the settings is current. What is
-- kept in memory is checked against it, and every change of the tree updates
-- it, so that two changes at once can't make a circle.
CREATE TABLE directory_state (
    id       BIGINT NOT NULL PRIMARY KEY,
    tree     BIGINT NOT NULL,
    settings BIGINT NOT NULL
);
INSERT INTO directory_state (id, tree, settings) VALUES (1, 1, 1);
