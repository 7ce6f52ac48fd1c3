-- +goose Up
-- Registration by e-mail or telephone, from the first message to the account.
CREATE TABLE identity_signup (
    id          UUID    NOT NULL PRIMARY KEY, -- of the account to be: what it seals stays sealed for it
    way         TEXT    NOT NULL, -- email, sms
    destination BYTEA   NOT NULL, -- look-up hash of the contact
    contact     BYTEA   NOT NULL, -- sealed
    reference   TEXT    NOT NULL, -- stands in the message and on the page
    code        BYTEA   NOT NULL, -- keyed hash; empty by e-mail and once it was used
    link        BYTEA   NOT NULL, -- SHA-256 of the token that leads to the last step
    lang        TEXT    NOT NULL,
    done        BOOLEAN NOT NULL, -- the account is there
    made_at     BIGINT  NOT NULL,
    ends        BIGINT  NOT NULL  -- of the code or the link
);
CREATE INDEX identity_signup_destination ON identity_signup (destination, made_at);
CREATE UNIQUE INDEX identity_signup_link ON identity_signup (link);
CREATE INDEX identity_signup_ends ON identity_signup (ends);
ALTER TABLE identity_account ADD COLUMN level TEXT NOT NULL DEFAULT 'simplified'; -- simplified, standard, verified
ALTER TABLE identity_account ADD COLUMN email_at BIGINT NOT NULL DEFAULT 0;       -- when it was shown to be theirs; 0: not
ALTER TABLE identity_account ADD COLUMN phone_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_session ADD COLUMN level TEXT NOT NULL DEFAULT 'simplified'; -- of the account when the session began
