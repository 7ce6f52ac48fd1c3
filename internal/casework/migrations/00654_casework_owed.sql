-- +goose Up
ALTER TABLE casework_case ADD COLUMN owed BOOLEAN NOT NULL DEFAULT FALSE; -- it was reopened, or holds what was
