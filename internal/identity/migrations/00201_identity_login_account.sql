-- +goose Up
-- An erasure finds an account's logins; after a restore it has no key to find them by hash.
CREATE INDEX identity_login_account ON identity_login (account);
