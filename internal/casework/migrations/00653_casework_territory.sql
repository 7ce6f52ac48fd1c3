-- +goose Up

-- Territory before organisation: one index finds an organisation's cases in a
-- territory, and all organisations that hold something there.
DROP INDEX casework_inbox_territory;
CREATE INDEX casework_inbox_territory ON casework_inbox (territory, organisation_id, bucket, due_at, case_id);
