-- +goose Up
-- due is when a waiting job may run or when a running job's lease ends.
CREATE TABLE jobs_job (
    id         UUID   PRIMARY KEY,
    kind       TEXT   NOT NULL,
    lane       BIGINT NOT NULL,
    uniq       TEXT,
    due        BIGINT NOT NULL,
    subject    UUID,
    body       TEXT,
    made       BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    lease      UUID,
    last_error TEXT
) WITHOUT ROWID;
CREATE INDEX jobs_job_due ON jobs_job (lane, due);
CREATE UNIQUE INDEX jobs_job_uniq ON jobs_job (kind, uniq) WHERE uniq IS NOT NULL;

CREATE TABLE jobs_dead (
    id         UUID   PRIMARY KEY,
    kind       TEXT   NOT NULL,
    lane       BIGINT NOT NULL,
    uniq       TEXT,
    subject    UUID,
    body       TEXT,
    made       BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    last_error TEXT   NOT NULL,
    died       BIGINT NOT NULL
);

CREATE TABLE jobs_timer (
    kind    TEXT   NOT NULL,
    subject UUID   NOT NULL,
    at      BIGINT NOT NULL,
    body    TEXT,
    PRIMARY KEY (kind, subject)
) WITHOUT ROWID;
CREATE INDEX jobs_timer_at ON jobs_timer (at);

CREATE TABLE jobs_pause (
    what   TEXT   PRIMARY KEY,
    reason TEXT   NOT NULL,
    since  BIGINT NOT NULL
);
