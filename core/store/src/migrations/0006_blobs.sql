-- Photos and recordings. Their content lies in encrypted files beside the database; the keys lie
-- here, so that a file is unreadable as soon as its row is gone.

-- The contents that are here, each in one file. The file's name follows from key and hash.
CREATE TABLE blob (
    -- SHA-256 of the content, by which records and drafts name it.
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    -- As in RFC 6838; NULL where the version that fetched it did not know it.
    media_type TEXT,
    -- Bytes of the content.
    size INTEGER NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;

-- Names of files that must not be: announced before they are written and taken away with the row
-- of `blob` that claims them, and entered when such a row goes. What stands here is deleted.
CREATE TABLE stranded (
    file BLOB PRIMARY KEY CHECK (length(file) = 16)
) STRICT, WITHOUT ROWID;

-- Which record names which content, as what: read model, so it follows from the changes. The
-- content need not be here.
CREATE TABLE record_blob (
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    kind TEXT NOT NULL,
    PRIMARY KEY (row, hash, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_blob_hash ON record_blob (hash);

-- What hangs on a draft, in the order in which it was hung there.
CREATE TABLE draft_blob (
    position INTEGER PRIMARY KEY,
    slot TEXT NOT NULL REFERENCES draft (slot) ON DELETE CASCADE,
    hash BLOB NOT NULL REFERENCES blob (hash),
    kind TEXT NOT NULL,
    UNIQUE (slot, hash)
) STRICT;
CREATE INDEX draft_blob_hash ON draft_blob (hash);

-- Added here, and not yet at the server under this record.
CREATE TABLE blob_upload (
    row INTEGER NOT NULL REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    hash BLOB NOT NULL REFERENCES blob (hash),
    PRIMARY KEY (row, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_upload_hash ON blob_upload (hash);

-- A record no longer names it, but may again: taking it out can be undone until that is sent.
CREATE TABLE blob_undo (
    row INTEGER NOT NULL REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    hash BLOB NOT NULL REFERENCES blob (hash),
    PRIMARY KEY (row, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_undo_hash ON blob_undo (hash);

-- It was named by a change that the server refused; kept for its author until they dismiss that.
CREATE TABLE blob_refused (
    id BLOB NOT NULL CHECK (length(id) = 16),
    hash BLOB NOT NULL REFERENCES blob (hash),
    PRIMARY KEY (id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_refused_hash ON blob_refused (hash);

-- Contents that one of the tables above let go of. Those that no other holds are deleted soon.
CREATE TABLE blob_loose (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_blob_insert AFTER INSERT ON record_blob BEGIN
    DELETE FROM blob_undo WHERE row = new.row AND hash = new.hash;
END;
-- With the record itself it goes for good.
CREATE TRIGGER record_blob_delete AFTER DELETE ON record_blob
WHEN EXISTS (SELECT 1 FROM blob b WHERE b.hash = old.hash)
BEGIN
    INSERT OR IGNORE INTO blob_undo (row, hash)
    SELECT old.row, old.hash WHERE EXISTS (SELECT 1 FROM record r WHERE r.row = old.row);
    INSERT OR IGNORE INTO blob_loose (hash) VALUES (old.hash);
END;
CREATE TRIGGER draft_blob_delete AFTER DELETE ON draft_blob BEGIN
    INSERT OR IGNORE INTO blob_loose (hash) VALUES (old.hash);
END;
CREATE TRIGGER blob_upload_delete AFTER DELETE ON blob_upload BEGIN
    INSERT OR IGNORE INTO blob_loose (hash) VALUES (old.hash);
END;
-- What is not to come back need not be sent either.
CREATE TRIGGER blob_undo_delete AFTER DELETE ON blob_undo BEGIN
    DELETE FROM blob_upload WHERE row = old.row AND hash = old.hash
        AND NOT EXISTS (
            SELECT 1 FROM record_blob b WHERE b.row = old.row AND b.hash = old.hash
        );
    INSERT OR IGNORE INTO blob_loose (hash) VALUES (old.hash);
END;
CREATE TRIGGER blob_refused_delete AFTER DELETE ON blob_refused BEGIN
    INSERT OR IGNORE INTO blob_loose (hash) VALUES (old.hash);
END;
