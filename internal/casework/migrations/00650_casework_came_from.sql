-- +goose Up

-- The stage to which a question to the applicant or a draft answer returns;
-- empty: the case is not away from a stage, or went before this was kept.
ALTER TABLE casework_case ADD COLUMN came_from TEXT NOT NULL DEFAULT '';
