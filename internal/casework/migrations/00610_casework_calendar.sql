-- +goose Up

-- Production calendars as they were published, one row a year.
CREATE TABLE casework_calendar (
    year         BIGINT PRIMARY KEY,
    version      BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    body         TEXT   NOT NULL
);
