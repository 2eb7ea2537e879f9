-- The same tables as the SQLite log has. Only the audit's lines have an identity: the log's numbers
-- come from the municipality's row, which whoever appends locks first.

CREATE TABLE municipality (
    code        TEXT PRIMARY KEY,
    epoch       BIGINT NOT NULL,
    number      BIGINT NOT NULL,
    chain       BYTEA NOT NULL CHECK (length(chain) = 32),
    created_at  BIGINT NOT NULL
);

CREATE TABLE log (
    municipality TEXT NOT NULL REFERENCES municipality,
    number       BIGINT NOT NULL CHECK (number > 0),
    kind         TEXT NOT NULL CHECK (kind IN ('change', 'scope', 'reference', 'erasure', 'revocation')),
    received_at  BIGINT NOT NULL,
    chain        BYTEA NOT NULL CHECK (length(chain) = 32),
    document     BYTEA,
    hash         BYTEA,
    actor        BYTEA,
    seq          BIGINT,
    bytes        BYTEA,
    mac          BYTEA,
    device       BYTEA,
    principal    BYTEA,
    role         TEXT,
    wijken       TEXT,
    successor    BYTEA,
    PRIMARY KEY (municipality, number),
    UNIQUE (municipality, document, hash),
    UNIQUE (municipality, document, actor, seq),
    CHECK (kind <> 'change' OR (document IS NOT NULL AND hash IS NOT NULL AND actor IS NOT NULL
        AND seq IS NOT NULL AND mac IS NOT NULL AND principal IS NOT NULL)),
    CHECK (kind <> 'scope' OR (principal IS NOT NULL AND role IS NOT NULL AND wijken IS NOT NULL))
);

CREATE INDEX log_by_document ON log (municipality, document, number) WHERE kind = 'change';

-- Refusals stand for ever; acceptances stand in the log itself. Bound to the person who pushed.
CREATE TABLE refusal (
    municipality TEXT NOT NULL REFERENCES municipality,
    document     BYTEA NOT NULL,
    hash         BYTEA NOT NULL,
    principal    BYTEA NOT NULL,
    code         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (municipality, document, hash, principal)
);

-- Who sees a document, from one number up to (not including) another.
CREATE TABLE audience (
    municipality TEXT NOT NULL REFERENCES municipality,
    document     BYTEA NOT NULL,
    from_number  BIGINT NOT NULL,
    to_number    BIGINT,
    record_type  TEXT NOT NULL,
    sensitivity  TEXT NOT NULL,
    author       BYTEA NOT NULL,
    wijken       TEXT NOT NULL,
    participants TEXT NOT NULL,
    PRIMARY KEY (municipality, document, from_number)
);

CREATE TABLE principal (
    municipality TEXT NOT NULL REFERENCES municipality,
    id           BYTEA NOT NULL CHECK (length(id) = 16),
    name         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, name)
);

-- A person's role and wijken, from one number up to (not including) another.
CREATE TABLE scope (
    municipality TEXT NOT NULL REFERENCES municipality,
    principal    BYTEA NOT NULL,
    from_number  BIGINT NOT NULL,
    to_number    BIGINT,
    role         TEXT NOT NULL,
    wijken       TEXT NOT NULL,
    PRIMARY KEY (municipality, principal, from_number),
    FOREIGN KEY (municipality, principal) REFERENCES principal
);

CREATE TABLE device (
    municipality        TEXT NOT NULL REFERENCES municipality,
    id                  BYTEA NOT NULL CHECK (length(id) = 16),
    principal           BYTEA NOT NULL,
    install             BYTEA NOT NULL CHECK (length(install) = 12),
    token_hash          BYTEA NOT NULL CHECK (length(token_hash) = 32),
    name                TEXT NOT NULL,
    enrolled_at         BIGINT NOT NULL,
    last_seen_at        BIGINT NOT NULL,
    push_counter        BIGINT,
    push_digest         BYTEA,
    acknowledged_number BIGINT NOT NULL,
    revoked_at          BIGINT,
    PRIMARY KEY (municipality, id),
    UNIQUE (municipality, install),
    UNIQUE (token_hash),
    FOREIGN KEY (municipality, principal) REFERENCES principal
);

-- Every installation that ever made an actor, phones and server processes alike.
CREATE TABLE install (
    municipality TEXT NOT NULL REFERENCES municipality,
    install      BYTEA NOT NULL CHECK (length(install) = 12),
    principal    BYTEA NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('device', 'office')),
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (municipality, install),
    FOREIGN KEY (municipality, principal) REFERENCES principal
);

CREATE TABLE one_time_code (
    municipality TEXT NOT NULL REFERENCES municipality,
    code_hash    BYTEA NOT NULL CHECK (length(code_hash) = 32),
    purpose      TEXT NOT NULL CHECK (purpose IN ('enrol', 'login')),
    principal    BYTEA NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT,
    PRIMARY KEY (municipality, code_hash),
    FOREIGN KEY (municipality, principal) REFERENCES principal
);

CREATE TABLE session (
    municipality TEXT NOT NULL REFERENCES municipality,
    token_hash   BYTEA NOT NULL CHECK (length(token_hash) = 32),
    principal    BYTEA NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (municipality, token_hash),
    FOREIGN KEY (municipality, principal) REFERENCES principal
);

-- Reference data by the number of the log entry that announces it.
CREATE TABLE reference (
    municipality TEXT NOT NULL REFERENCES municipality,
    number       BIGINT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (municipality, number)
);

CREATE TABLE tombstone (
    municipality TEXT NOT NULL REFERENCES municipality,
    document     BYTEA NOT NULL,
    successor    BYTEA,
    number       BIGINT NOT NULL,
    PRIMARY KEY (municipality, document)
);

-- What was done by whom; never with content.
CREATE TABLE audit (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality TEXT NOT NULL REFERENCES municipality,
    at           BIGINT NOT NULL,
    actor        BYTEA,
    action       TEXT NOT NULL,
    object       TEXT NOT NULL,
    result       TEXT NOT NULL,
    origin       TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (municipality, at);
CREATE INDEX log_of_reference ON log (municipality, number) WHERE kind IN ('scope', 'reference');
