-- +goose Up

-- Whether the draft that awaits approval is an interim answer that promises nothing.
ALTER TABLE casework_case ADD COLUMN interim BOOLEAN NOT NULL DEFAULT FALSE;
