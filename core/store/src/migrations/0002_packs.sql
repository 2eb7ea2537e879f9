-- Cold documents lie in packs: their whole history in the bytes of `core/crdt`'s pack format, with
-- later changes (the tail) as rows of `change`. A pack holds exactly the documents that name it.
CREATE TABLE pack (
    pack INTEGER PRIMARY KEY,
    -- The audience class that its documents share.
    wijk TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    documents INTEGER NOT NULL,
    -- The lowest and the highest id in it.
    first BLOB NOT NULL CHECK (length(first) = 16),
    last BLOB NOT NULL CHECK (length(last) = 16),
    -- The server's MAC over the bytes as received; none once the pack was written anew here.
    mac BLOB CHECK (length(mac) = 32),
    -- MACs of single changes that were rows before they were packed here. Per document that has
    -- any: its id, the number of its changes (4 bytes, little-endian), and for each change a byte 1
    -- and its MAC, or a byte 0.
    macs BLOB,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX pack_class ON pack (wijk, sensitivity);

-- A cache for long documents: what loading the changes up to here gave. Never truth.
CREATE TABLE snapshot (
    row INTEGER PRIMARY KEY REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    -- The last row of `change` that is in it; below all of them when all came out of a pack.
    position INTEGER NOT NULL,
    -- How many changes are in it.
    changes INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Without the index on id (29 bytes a record, and one more page to write): row follows from the
-- id, so a document is found at RecordId::rowid() or in the run of rows from there on.
CREATE TABLE document_2 (
    row INTEGER PRIMARY KEY,
    id BLOB NOT NULL CHECK (length(id) = 16),
    -- Hashes without descendants, sorted, 32 bytes each.
    heads BLOB NOT NULL,
    -- Highest log number of its changes; none while no server has it.
    number INTEGER,
    -- The server took it back, but it holds work that was never sent.
    forgotten INTEGER NOT NULL DEFAULT 0,
    -- Where all but its tail lies; none while all of it is rows.
    pack INTEGER
) STRICT;
INSERT INTO document_2 (row, id, heads, number, forgotten)
SELECT row, id, heads, number, forgotten FROM document;
DROP TABLE document;
ALTER TABLE document_2 RENAME TO document;

-- Few changes ever wait: the others come in the order of their positions.
DROP INDEX outbox_order;
CREATE INDEX outbox_waiting ON outbox (waits, position) WHERE waits > 0;
