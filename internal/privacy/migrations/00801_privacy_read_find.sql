-- +goose Up

-- The region's administrator looks into all organisations: by time, by a case
-- and by who read. Each is in the order of the list.
CREATE INDEX privacy_read_at ON privacy_read (at, id);
CREATE INDEX privacy_read_thing ON privacy_read (thing, at, id);
CREATE INDEX privacy_read_person ON privacy_read (person, at, id);
