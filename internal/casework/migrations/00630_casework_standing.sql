-- +goose Up

-- A case whose term stands comes after those whose terms run: by its term, and
-- 2^50 milliseconds later.
UPDATE casework_inbox SET due_at = due_at + 1125899906842624
WHERE bucket = 0 AND case_id IN (SELECT id FROM casework_case WHERE stage = 'waiting' AND paused_at > 0 AND execution_at = 0);
