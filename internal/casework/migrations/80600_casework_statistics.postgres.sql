-- +goose Up
-- A stage says its bucket: without knowing it the planner takes both for rare
-- and sorts thousands of rows where fifty in order would do.
CREATE STATISTICS casework_inbox_bucket_stage (dependencies, mcv) ON bucket, stage FROM casework_inbox;
