-- +goose Up
CREATE TABLE identity_account (
    id           UUID   NOT NULL PRIMARY KEY,
    version      BIGINT NOT NULL,
    state        TEXT   NOT NULL, -- active, closed
    display_name TEXT   NOT NULL,
    lang         TEXT   NOT NULL,
    zone         TEXT   NOT NULL,
    look         TEXT   NOT NULL, -- JSON
    password     TEXT   NOT NULL, -- argon2id in its usual text form; empty: none
    password_at  BIGINT NOT NULL,
    login        BYTEA  NOT NULL, -- sealed under the person's key
    email        BYTEA  NOT NULL, -- sealed; empty: none
    phone        BYTEA  NOT NULL, -- sealed; empty: none
    made_at      BIGINT NOT NULL
);

-- Uniqueness of logins, keyed by the look-up hash of the login.
CREATE TABLE identity_login (
    hash    BYTEA NOT NULL PRIMARY KEY,
    account UUID  NOT NULL
);

CREATE TABLE identity_session (
    hash       BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the token
    id         UUID   NOT NULL,
    account    UUID   NOT NULL,
    made_at    BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, -- at the latest, however busy
    idle       BIGINT NOT NULL, -- milliseconds without a request that end it
    device     TEXT   NOT NULL, -- "Firefox, Linux": for the person's own list
    device_id  UUID   NOT NULL  -- of identity_device
);
CREATE INDEX identity_session_account ON identity_session (account, made_at);

-- Browsers from which a person has signed in: their tries are counted apart
-- from strangers', so that nobody can lock a person out.
CREATE TABLE identity_device (
    hash    BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the cookie
    id      UUID   NOT NULL,
    account UUID   NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX identity_device_account ON identity_device (account);

-- Tries of a kind within a window of time.
CREATE TABLE identity_try (
    bucket BYTEA  NOT NULL PRIMARY KEY, -- look-up hash of "login:…", "address:…", "device:…"
    tries  BIGINT NOT NULL,
    ends   BIGINT NOT NULL
);
CREATE INDEX identity_try_ends ON identity_try (ends);

CREATE TABLE identity_link (
    hash    BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the token
    account UUID   NOT NULL,
    purpose TEXT   NOT NULL, -- set_password
    ends    BIGINT NOT NULL
);
CREATE INDEX identity_link_account ON identity_link (account);

CREATE TABLE identity_token (
    hash         BYTEA   NOT NULL PRIMARY KEY, -- SHA-256 of the token
    id           UUID    NOT NULL,
    account      UUID    NOT NULL,
    name         TEXT    NOT NULL,
    organisation TEXT    NOT NULL, -- code; empty: the person alone
    read_only    BOOLEAN NOT NULL,
    made_at      BIGINT  NOT NULL,
    used_at      BIGINT  NOT NULL,
    ends         BIGINT  NOT NULL
);
CREATE INDEX identity_token_account ON identity_token (account, made_at);
