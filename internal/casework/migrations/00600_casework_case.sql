-- +goose Up

-- A procedure as it was published. body is the whole of it; versions never change.
CREATE TABLE casework_procedure (
    code           TEXT   NOT NULL,
    version        BIGINT NOT NULL,
    effective_from BIGINT NOT NULL,
    body           TEXT   NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE casework_case (
    id                UUID   PRIMARY KEY,
    version           BIGINT NOT NULL,
    number            TEXT   NOT NULL,
    procedure_code    TEXT   NOT NULL,
    procedure_version BIGINT NOT NULL,
    stage             TEXT   NOT NULL,
    channel           TEXT   NOT NULL,
    applicant_id      UUID   NOT NULL,
    organisation_id   UUID   NOT NULL,
    chosen            BOOLEAN NOT NULL,
    handler_id        UUID,
    fact              TEXT   NOT NULL,
    territory         TEXT   NOT NULL,
    asset_id          UUID,
    fast_track        BOOLEAN NOT NULL,
    hidden            BOOLEAN NOT NULL,
    registered_at     BIGINT NOT NULL,
    review_date       TEXT   NOT NULL,
    zone              TEXT   NOT NULL,
    review_at         BIGINT NOT NULL,
    provisional       BOOLEAN NOT NULL,
    stage_at          BIGINT NOT NULL,
    stage_due_at      BIGINT NOT NULL,
    execution_date    TEXT   NOT NULL,
    execution_at      BIGINT NOT NULL,
    plan_date         TEXT   NOT NULL,
    paused_at         BIGINT NOT NULL,
    shifted           BOOLEAN NOT NULL,
    wait_until        BIGINT NOT NULL,
    answered_at       BIGINT NOT NULL,
    rate_until        BIGINT NOT NULL,
    closed_at         BIGINT NOT NULL,
    outcome           TEXT   NOT NULL,
    reopened          BIGINT NOT NULL,
    extended          BIGINT NOT NULL,
    mark              BIGINT NOT NULL,
    solved            TEXT   NOT NULL,
    parent_id         UUID,
    people            BIGINT NOT NULL,
    draft             BIGINT NOT NULL,
    answer            BIGINT NOT NULL,
    excerpt           BIGINT NOT NULL,
    alarms            BIGINT NOT NULL,
    entries           BIGINT NOT NULL,
    files             BIGINT NOT NULL,
    title             TEXT   NOT NULL,
    address_id        UUID,
    place_text        TEXT   NOT NULL,
    place_note        TEXT   NOT NULL,
    lat               BIGINT NOT NULL,
    lon               BIGINT NOT NULL,
    cell              BIGINT NOT NULL,
    owner_id          UUID,
    operator_id       UUID,
    details           TEXT   NOT NULL,
    lang              TEXT   NOT NULL
);
-- similar reports nearby, and the public map
CREATE INDEX casework_case_cell ON casework_case (cell, id);

-- Public numbers, of cases and of those who joined: unique over the whole.
CREATE TABLE casework_number (
    number  TEXT PRIMARY KEY,
    case_id UUID NOT NULL,
    person_id UUID
) WITHOUT ROWID;

CREATE TABLE casework_entry (
    case_id         UUID   NOT NULL,
    n               BIGINT NOT NULL,
    kind            TEXT   NOT NULL,
    reader          TEXT   NOT NULL,
    author_id       UUID,
    role            TEXT   NOT NULL,
    organisation_id UUID,
    at              BIGINT NOT NULL,
    action          TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    body            TEXT   NOT NULL,
    PRIMARY KEY (case_id, n)
);

CREATE TABLE casework_attachment (
    case_id     UUID   NOT NULL,
    n           BIGINT NOT NULL,
    entry       BIGINT NOT NULL,
    blob_id     UUID   NOT NULL,
    reader      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    uploader_id UUID,
    PRIMARY KEY (case_id, n)
);
CREATE INDEX casework_attachment_blob ON casework_attachment (blob_id);

CREATE TABLE casework_participant (
    case_id   UUID   NOT NULL,
    person_id UUID   NOT NULL,
    number    TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    joined_at BIGINT NOT NULL,
    mark      BIGINT NOT NULL,
    solved    TEXT   NOT NULL,
    rated_at  BIGINT NOT NULL,
    PRIMARY KEY (case_id, person_id)
) WITHOUT ROWID;

-- A person's own and joined cases; the newest have the greatest case ids.
CREATE TABLE casework_mine (
    person_id UUID   NOT NULL,
    case_id   UUID   NOT NULL,
    number    TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    PRIMARY KEY (person_id, case_id)
) WITHOUT ROWID;

-- An organisation's cases. bucket: 0 in work, 1 answered, 2 closed.
CREATE TABLE casework_inbox (
    organisation_id UUID   NOT NULL,
    case_id         UUID   NOT NULL,
    bucket          BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    stage           TEXT   NOT NULL,
    category        TEXT   NOT NULL,
    territory       TEXT   NOT NULL,
    handler_id      UUID,
    PRIMARY KEY (organisation_id, case_id)
) WITHOUT ROWID;
CREATE INDEX casework_inbox_due ON casework_inbox (organisation_id, bucket, due_at, case_id);
CREATE INDEX casework_inbox_stage ON casework_inbox (organisation_id, stage, due_at, case_id);
CREATE INDEX casework_inbox_category ON casework_inbox (organisation_id, category, bucket, due_at, case_id);
CREATE INDEX casework_inbox_territory ON casework_inbox (organisation_id, territory, bucket, due_at, case_id);
CREATE INDEX casework_inbox_handler ON casework_inbox (organisation_id, handler_id, bucket, due_at, case_id);
