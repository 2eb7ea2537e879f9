-- Truth: document and change. Everything from `record` to `search` can be rebuilt from them.
-- Small words are spelled as everywhere else (RecordType, Status, …); times are milliseconds.

-- One document per record. `row` is RecordId::rowid(), or the next free one where two ids share it;
-- rows always grow with (rowid, id), so that "newest first" is the same order on each replica.
CREATE TABLE document (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    -- Hashes without descendants, sorted, 32 bytes each.
    heads BLOB NOT NULL,
    -- Highest log number of its changes; none while no server has it.
    number INTEGER,
    -- The server took it back, but it holds work that was never sent.
    forgotten INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Raw changes as made or received. `position` follows the order of writing, so within a document
-- each change comes after those it depends on.
CREATE TABLE change (
    position INTEGER PRIMARY KEY,
    row INTEGER NOT NULL REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    actor BLOB NOT NULL CHECK (length(actor) = 16),
    seq INTEGER NOT NULL,
    -- Number in the server's log, and the server's MAC; none until it accepted the change.
    number INTEGER,
    mac BLOB CHECK (length(mac) = 32),
    bytes BLOB NOT NULL,
    UNIQUE (row, hash)
) STRICT;

-- Own changes that no server has acknowledged.
CREATE TABLE outbox (
    position INTEGER PRIMARY KEY REFERENCES change (position) ON DELETE CASCADE,
    row INTEGER NOT NULL REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    -- Pushed, no verdict yet.
    sent INTEGER NOT NULL DEFAULT 0,
    -- How often the server answered that it waits for dependencies; the same for all changes of a
    -- document. Those that wait go to the back, so that they hold up nobody else.
    waits INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_row ON outbox (row);
CREATE INDEX outbox_order ON outbox (waits, position);

-- Own changes that the server refused, taken out of their document; the text is the author's.
CREATE TABLE refused (
    id BLOB NOT NULL CHECK (length(id) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (id, hash)
) STRICT;

-- Changes from the server that could not be taken in, with the reason's code.
CREATE TABLE quarantine (
    id BLOB NOT NULL CHECK (length(id) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    reason TEXT NOT NULL,
    number INTEGER NOT NULL,
    mac BLOB CHECK (length(mac) = 32),
    bytes BLOB NOT NULL,
    PRIMARY KEY (id, hash)
) STRICT;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reference (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    version INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE TABLE draft (
    slot TEXT PRIMARY KEY,
    json TEXT NOT NULL
) STRICT;

-- The read model. NULL where a value is empty or, when `readable` is 0, cannot be read.
-- `wijk` and `sensitivity` are those of the audience (the most restrictive sensitivity, one of the
-- wijken); both are NULL where the audience cannot be read, and then only the author sees it.
CREATE TABLE record (
    row INTEGER PRIMARY KEY REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    readable INTEGER NOT NULL,
    record_type TEXT,
    author BLOB,
    kind TEXT,
    status TEXT,
    buurt TEXT,
    wijk TEXT,
    sensitivity TEXT,
    occurred_at INTEGER NOT NULL,
    lat REAL,
    lon REAL,
    accuracy_m INTEGER,
    place_source TEXT,
    conflicts INTEGER NOT NULL,
    -- What search covers: the note or the visit's place, and the appended entries.
    text TEXT NOT NULL,
    thread TEXT NOT NULL
) STRICT;
-- Every index ends with the row, so these give newest first without sorting.
CREATE INDEX record_wijk ON record (wijk);
CREATE INDEX record_wijk_status ON record (wijk, status);
CREATE INDEX record_buurt ON record (buurt);
CREATE INDEX record_status ON record (status);
CREATE INDEX record_author ON record (author);
CREATE INDEX record_occurred_at ON record (occurred_at);
CREATE INDEX record_conflicts ON record (row) WHERE conflicts > 0;
CREATE INDEX record_position ON record (lat, lon) WHERE lat IS NOT NULL;

CREATE TABLE record_theme (
    theme TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (theme, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_theme_row ON record_theme (row, theme);

-- The wijken besides record.wijk, while several values of the buurt stand side by side.
CREATE TABLE record_wijk_too (
    wijk TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (wijk, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_wijk_too_row ON record_wijk_too (row, wijk);

-- Assignees and a visit's team.
CREATE TABLE participant (
    principal BLOB NOT NULL CHECK (length(principal) = 16),
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (principal, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_row ON participant (row, principal);

-- A visit's counters that are not zero.
CREATE TABLE tally (
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    key TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (row, key)
) STRICT, WITHOUT ROWID;

-- How many records there are of each sort; '' where record has NULL.
CREATE TABLE area_count (
    wijk TEXT NOT NULL,
    buurt TEXT NOT NULL,
    record_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (wijk, buurt, record_type, kind, status, sensitivity)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_count_insert AFTER INSERT ON record BEGIN
    INSERT INTO area_count VALUES (
        coalesce(new.wijk, ''), coalesce(new.buurt, ''), coalesce(new.record_type, ''),
        coalesce(new.kind, ''), coalesce(new.status, ''), coalesce(new.sensitivity, ''), 1
    ) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER record_count_delete AFTER DELETE ON record BEGIN
    UPDATE area_count SET n = n - 1
    WHERE wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '');
    DELETE FROM area_count
    WHERE wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '')
        AND n <= 0;
END;
CREATE TRIGGER record_count_update
AFTER UPDATE OF wijk, buurt, record_type, kind, status, sensitivity ON record
WHEN (old.wijk, old.buurt, old.record_type, old.kind, old.status, old.sensitivity)
    IS NOT (new.wijk, new.buurt, new.record_type, new.kind, new.status, new.sensitivity)
BEGIN
    UPDATE area_count SET n = n - 1
    WHERE wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '');
    DELETE FROM area_count
    WHERE wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '')
        AND n <= 0;
    INSERT INTO area_count VALUES (
        coalesce(new.wijk, ''), coalesce(new.buurt, ''), coalesce(new.record_type, ''),
        coalesce(new.kind, ''), coalesce(new.status, ''), coalesce(new.sensitivity, ''), 1
    ) ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- Full text over record's own columns. `secure-delete` removes a deleted row's words at once
-- instead of marking them; that is why this is not a contentless table, which cannot.
CREATE VIRTUAL TABLE search USING fts5 (
    text, thread,
    content = 'record', content_rowid = 'row',
    columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER record_search_insert AFTER INSERT ON record BEGIN
    INSERT INTO search (rowid, text, thread) VALUES (new.row, new.text, new.thread);
END;
CREATE TRIGGER record_search_delete AFTER DELETE ON record BEGIN
    INSERT INTO search (search, rowid, text, thread)
    VALUES ('delete', old.row, old.text, old.thread);
END;
CREATE TRIGGER record_search_update AFTER UPDATE OF row, text, thread ON record
WHEN (old.row, old.text, old.thread) IS NOT (new.row, new.text, new.thread)
BEGIN
    INSERT INTO search (search, rowid, text, thread)
    VALUES ('delete', old.row, old.text, old.thread);
    INSERT INTO search (rowid, text, thread) VALUES (new.row, new.text, new.thread);
END;
