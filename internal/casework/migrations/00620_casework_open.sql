-- +goose Up

-- Similar open reports nearby are looked for while a person writes: among the
-- open ones, which are few beside those that were ever filed.
CREATE INDEX casework_case_open ON casework_case (cell, id) WHERE stage NOT IN ('answered','closed');
