-- +goose Up
-- what was merged into a case
CREATE INDEX casework_case_merged ON casework_case (parent_id) WHERE outcome = 'merged';
ALTER TABLE casework_case ADD COLUMN owed BOOLEAN NOT NULL DEFAULT FALSE; -- it was reopened, or holds what was
UPDATE casework_case SET owed = TRUE WHERE reopened > 0;
