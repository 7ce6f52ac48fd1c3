-- +goose Up

-- The public map counts by cell and category from this index alone; a report
-- enters it when strangers may see it.
CREATE INDEX casework_case_public ON casework_case (cell, fact, id)
    WHERE hidden=FALSE AND stage<>'moderation' AND outcome NOT IN ('rejected','withdrawn','merged','split','archived');
DROP INDEX casework_case_cell;
