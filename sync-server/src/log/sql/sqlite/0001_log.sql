-- The log of accepted changes and all that is kept beside it. One file may hold several
-- municipalities: each key starts with one.

CREATE TABLE municipality (
    code        TEXT PRIMARY KEY,
    epoch       INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    chain       BLOB NOT NULL CHECK (length(chain) = 32),
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE log (
    municipality TEXT NOT NULL REFERENCES municipality,
    number       INTEGER NOT NULL CHECK (number > 0),
    kind         TEXT NOT NULL CHECK (kind IN ('change', 'scope', 'reference', 'erasure', 'revocation')),
    received_at  INTEGER NOT NULL,
    chain        BLOB NOT NULL CHECK (length(chain) = 32),
    document     BLOB,
    hash         BLOB,
    actor        BLOB,
    seq          INTEGER,
    bytes        BLOB,
    mac          BLOB,
    device       BLOB,
    principal    BLOB,
    role         TEXT,
    wijken       TEXT,
    successor    BLOB,
    PRIMARY KEY (municipality, number),
    UNIQUE (municipality, document, hash),
    UNIQUE (municipality, document, actor, seq),
    CHECK (kind <> 'change' OR (document IS NOT NULL AND hash IS NOT NULL AND actor IS NOT NULL
        AND seq IS NOT NULL AND mac IS NOT NULL AND principal IS NOT NULL)),
    CHECK (kind <> 'scope' OR (principal IS NOT NULL AND role IS NOT NULL AND wijken IS NOT NULL))
) STRICT;

CREATE INDEX log_by_document ON log (municipality, document, number) WHERE kind = 'change';

-- Refusals stand for ever; acceptances stand in the log itself. Bound to the person who pushed.
CREATE TABLE refusal (
    municipality TEXT NOT NULL REFERENCES municipality,
    document     BLOB NOT NULL,
    hash         BLOB NOT NULL,
    principal    BLOB NOT NULL,
    code         TEXT NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (municipality, document, hash, principal)
) STRICT, WITHOUT ROWID;

-- Who sees a document, from one number up to (not including) another.
CREATE TABLE audience (
    municipality TEXT NOT NULL REFERENCES municipality,
    document     BLOB NOT NULL,
    from_number  INTEGER NOT NULL,
    to_number    INTEGER,
    record_type  TEXT NOT NULL,
    sensitivity  TEXT NOT NULL,
    author       BLOB NOT NULL,
    wijken       TEXT NOT NULL,
    participants TEXT NOT NULL,
    PRIMARY KEY (municipality, document, from_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE principal (
    municipality TEXT NOT NULL REFERENCES municipality,
    id           BLOB NOT NULL CHECK (length(id) = 16),
    name         TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, name)
) STRICT, WITHOUT ROWID;

-- A person's role and wijken, from one number up to (not including) another.
CREATE TABLE scope (
    municipality TEXT NOT NULL REFERENCES municipality,
    principal    BLOB NOT NULL,
    from_number  INTEGER NOT NULL,
    to_number    INTEGER,
    role         TEXT NOT NULL,
    wijken       TEXT NOT NULL,
    PRIMARY KEY (municipality, principal, from_number),
    FOREIGN KEY (municipality, principal) REFERENCES principal
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    municipality        TEXT NOT NULL REFERENCES municipality,
    id                  BLOB NOT NULL CHECK (length(id) = 16),
    principal           BLOB NOT NULL,
    install             BLOB NOT NULL CHECK (length(install) = 12),
    token_hash          BLOB NOT NULL CHECK (length(token_hash) = 32),
    name                TEXT NOT NULL,
    enrolled_at         INTEGER NOT NULL,
    last_seen_at        INTEGER NOT NULL,
    push_counter        INTEGER,
    push_digest         BLOB,
    acknowledged_number INTEGER NOT NULL,
    revoked_at          INTEGER,
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, install),
    UNIQUE (token_hash),
    FOREIGN KEY (municipality, principal) REFERENCES principal
) STRICT, WITHOUT ROWID;

-- Every installation that ever made an actor, phones and server processes alike.
CREATE TABLE install (
    municipality TEXT NOT NULL REFERENCES municipality,
    install      BLOB NOT NULL CHECK (length(install) = 12),
    principal    BLOB NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('device', 'office')),
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (municipality, install),
    FOREIGN KEY (municipality, principal) REFERENCES principal
) STRICT, WITHOUT ROWID;

CREATE TABLE one_time_code (
    municipality TEXT NOT NULL REFERENCES municipality,
    code_hash    BLOB NOT NULL CHECK (length(code_hash) = 32),
    purpose      TEXT NOT NULL CHECK (purpose IN ('enrol', 'login')),
    principal    BLOB NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER,
    PRIMARY KEY (municipality, code_hash),
    FOREIGN KEY (municipality, principal) REFERENCES principal
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    municipality TEXT NOT NULL REFERENCES municipality,
    token_hash   BLOB NOT NULL CHECK (length(token_hash) = 32),
    principal    BLOB NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (municipality, token_hash),
    FOREIGN KEY (municipality, principal) REFERENCES principal
) STRICT, WITHOUT ROWID;

-- Reference data by the number of the log entry that announces it.
CREATE TABLE reference (
    municipality TEXT NOT NULL REFERENCES municipality,
    number       INTEGER NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (municipality, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstone (
    municipality TEXT NOT NULL REFERENCES municipality,
    document     BLOB NOT NULL,
    successor    BLOB,
    number       INTEGER NOT NULL,
    PRIMARY KEY (municipality, document)
) STRICT, WITHOUT ROWID;

-- What was done by whom; never with content.
CREATE TABLE audit (
    id           INTEGER PRIMARY KEY,
    municipality TEXT NOT NULL REFERENCES municipality,
    at           INTEGER NOT NULL,
    actor        BLOB,
    action       TEXT NOT NULL,
    object       TEXT NOT NULL,
    result       TEXT NOT NULL,
    origin       TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (municipality, at);
CREATE INDEX log_of_reference ON log (municipality, number) WHERE kind IN ('scope', 'reference');
