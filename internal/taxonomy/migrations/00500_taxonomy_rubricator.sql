-- +goose Up
-- Published versions of the rubricator; never edited.
CREATE TABLE taxonomy_version (
    version      BIGINT NOT NULL PRIMARY KEY,
    digest       TEXT   NOT NULL, -- SHA-256 of the content, hex
    source       TEXT   NOT NULL, -- the act or decision that it rests on
    facts        BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by UUID             -- NULL: the program
);

-- Topics of every level; a fact of an older version that is absent from the current one is retired.
CREATE TABLE taxonomy_topic (
    version BIGINT NOT NULL,
    code    TEXT   NOT NULL,
    level   BIGINT NOT NULL, -- 1 category, 2 subcategory, 3 fact
    place   BIGINT NOT NULL, -- order within the version
    body    TEXT   NOT NULL, -- JSON
    PRIMARY KEY (version, code)
);

-- The table of competence. A row is changed by ending it and adding another.
CREATE TABLE taxonomy_rule (
    fact         TEXT   NOT NULL, -- empty: all
    territory    TEXT   NOT NULL, -- empty: all
    owner        TEXT   NOT NULL, -- empty: any known owner, or none needed
    from_date    TEXT   NOT NULL, -- ISO, first day; empty: open
    to_date      TEXT   NOT NULL, -- ISO, last day; empty: open
    organisation TEXT   NOT NULL, -- code, @owner or @operator
    term_n       BIGINT NOT NULL, -- 0: the fact's own term
    term_unit    TEXT   NOT NULL,
    note         TEXT   NOT NULL,
    PRIMARY KEY (fact, territory, owner, from_date)
);

-- One row: which states are current. What is kept in memory is checked against
-- it, and every change updates it, so that two changes at once can't both win.
CREATE TABLE taxonomy_state (
    id         BIGINT NOT NULL PRIMARY KEY,
    rubricator BIGINT NOT NULL, -- version in force; 0: none
    competence BIGINT NOT NULL
);
INSERT INTO taxonomy_state (id, rubricator, competence) VALUES (1, 0, 0);
