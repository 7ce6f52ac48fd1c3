-- +goose Up

-- How often a date of the work was promised since the last reopening.
ALTER TABLE casework_case ADD COLUMN deferred BIGINT NOT NULL DEFAULT 0;
