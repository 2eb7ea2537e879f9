-- Small rows. A row was 48 bits of time and 15 of a hash: eight bytes in every index, and five for
-- each word of each record in the search index, whose numbers are differences. Now it is the time
-- of the id in steps of 2^14 ms (16.4 s), and rows stand in the order of ids; where several ids
-- share a step, the others take the rows next to it.
CREATE TABLE moved (old INTEGER PRIMARY KEY, new INTEGER NOT NULL) STRICT;
INSERT INTO moved
SELECT row, n + max((row >> 29) - n) OVER (ORDER BY n)
FROM (SELECT row, row_number() OVER (ORDER BY id) AS n FROM document);
-- By way of negative numbers, so that no row is ever taken twice.
UPDATE document SET row = -1 - (SELECT new FROM moved WHERE old = row);
UPDATE document SET row = -1 - row;
UPDATE change SET row = -1 - (SELECT new FROM moved WHERE old = row);
UPDATE change SET row = -1 - row;
UPDATE outbox SET row = (SELECT new FROM moved WHERE old = row);
UPDATE snapshot SET row = -1 - (SELECT new FROM moved WHERE old = row);
UPDATE snapshot SET row = -1 - row;
UPDATE blob_upload SET row = -1 - (SELECT new FROM moved WHERE old = row);
UPDATE blob_upload SET row = -1 - row;
UPDATE blob_undo SET row = -1 - (SELECT new FROM moved WHERE old = row);
UPDATE blob_undo SET row = -1 - row;
DROP TABLE moved;

-- The read model anew; it is filled from the changes after this step.
DELETE FROM tally;
DELETE FROM participant;
DELETE FROM record_wijk_too;
DELETE FROM record_link;
DELETE FROM record_reference;
DELETE FROM area_count;
-- No record lets go of a content.
DROP TRIGGER record_blob_delete;
DELETE FROM record_blob;
-- With the record itself it goes for good.
CREATE TRIGGER record_blob_delete AFTER DELETE ON record_blob
WHEN EXISTS (SELECT 1 FROM blob b WHERE b.hash = old.hash)
BEGIN
    INSERT OR IGNORE INTO blob_undo (row, hash)
    SELECT old.row, old.hash WHERE EXISTS (SELECT 1 FROM record r WHERE r.row = old.row);
    INSERT OR IGNORE INTO blob_loose (hash) VALUES (old.hash);
END;
DROP TABLE search;
DROP TABLE record_theme;
DROP TABLE record;

-- `wijk` and `sensitivity` are those of the audience (the most restrictive sensitivity, one of the
-- wijken); both are NULL where the audience cannot be read, and then only the author sees it.
-- Days are spelled 2026-04-16. The long texts come last, so that the rest is read without them.
CREATE TABLE record (
    row INTEGER PRIMARY KEY REFERENCES document (row) ON UPDATE CASCADE ON DELETE CASCADE,
    readable INTEGER NOT NULL,
    record_type TEXT,
    author BLOB,
    assignee BLOB,
    kind TEXT,
    status TEXT,
    stage TEXT,
    buurt TEXT,
    wijk TEXT,
    sensitivity TEXT,
    occurred_at INTEGER NOT NULL,
    lat REAL,
    lon REAL,
    accuracy_m INTEGER,
    place_source TEXT,
    conflicts INTEGER NOT NULL,
    promise TEXT,
    -- The day by which an answer is still owed, 9999-12-31 when none was named; NULL when none is.
    owed_by TEXT,
    -- The day by which something must have happened; NULL when nothing must (any more).
    due_on TEXT,
    -- A JSON array of words; record_theme follows it by triggers.
    themes TEXT NOT NULL DEFAULT '[]',
    -- What lists show; the thread without what was withdrawn; and what is only searched: the
    -- answer, and the losers of a conflict.
    text TEXT NOT NULL,
    thread TEXT NOT NULL,
    more TEXT NOT NULL
) STRICT;
-- Every index ends with the row, so these give newest first without sorting.
CREATE INDEX record_wijk ON record (wijk);
CREATE INDEX record_buurt ON record (buurt);
CREATE INDEX record_status ON record (status);
-- The last ones: to count what somebody wrote outside their class from the index alone.
CREATE INDEX record_author ON record (author, row, wijk, sensitivity, record_type);
CREATE INDEX record_assignee ON record (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX record_stage ON record (stage) WHERE stage IS NOT NULL;
CREATE INDEX record_owed ON record (owed_by) WHERE owed_by IS NOT NULL;
CREATE INDEX record_due ON record (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX record_conflicts ON record (row) WHERE conflicts > 0;
CREATE INDEX record_position ON record (lat, lon) WHERE lat IS NOT NULL;
CREATE INDEX record_occurred_at ON record (occurred_at);
-- Written down more than three days before or after it happened. All others of a period lie between
-- two rows, because a row is a time.
CREATE INDEX record_belated ON record (occurred_at)
WHERE abs(occurred_at - (row << 14)) > 259200000;

-- Which records have a theme. Without an index the other way: a record knows its own.
CREATE TABLE record_theme (
    theme TEXT NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (theme, row)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_theme_insert AFTER INSERT ON record WHEN new.themes <> '[]' BEGIN
    INSERT INTO record_theme (theme, row) SELECT value, new.row FROM json_each(new.themes);
END;
CREATE TRIGGER record_theme_delete AFTER DELETE ON record WHEN old.themes <> '[]' BEGIN
    DELETE FROM record_theme
    WHERE theme IN (SELECT value FROM json_each(old.themes)) AND row = old.row;
END;
CREATE TRIGGER record_theme_update AFTER UPDATE OF row, themes ON record
WHEN (old.row, old.themes) IS NOT (new.row, new.themes)
BEGIN
    DELETE FROM record_theme
    WHERE theme IN (SELECT value FROM json_each(old.themes)) AND row = old.row;
    INSERT INTO record_theme (theme, row) SELECT value, new.row FROM json_each(new.themes);
END;

CREATE TRIGGER record_count_insert AFTER INSERT ON record BEGIN
    INSERT INTO area_count
    SELECT theme, coalesce(new.wijk, ''), coalesce(new.buurt, ''), coalesce(new.record_type, ''),
        coalesce(new.kind, ''), coalesce(new.status, ''), coalesce(new.sensitivity, ''), 1
    FROM (SELECT '' AS theme UNION ALL SELECT value FROM json_each(new.themes))
    WHERE 1
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER record_count_delete AFTER DELETE ON record BEGIN
    UPDATE area_count SET n = n - 1
    WHERE theme IN (SELECT '' UNION ALL SELECT value FROM json_each(old.themes))
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '');
    DELETE FROM area_count
    WHERE theme IN (SELECT '' UNION ALL SELECT value FROM json_each(old.themes))
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '')
        AND n <= 0;
END;
CREATE TRIGGER record_count_update
AFTER UPDATE OF wijk, buurt, record_type, kind, status, sensitivity, themes ON record
WHEN (old.wijk, old.buurt, old.record_type, old.kind, old.status, old.sensitivity, old.themes)
    IS NOT (new.wijk, new.buurt, new.record_type, new.kind, new.status, new.sensitivity, new.themes)
BEGIN
    UPDATE area_count SET n = n - 1
    WHERE theme IN (SELECT '' UNION ALL SELECT value FROM json_each(old.themes))
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '');
    DELETE FROM area_count
    WHERE theme IN (SELECT '' UNION ALL SELECT value FROM json_each(old.themes))
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '')
        AND n <= 0;
    INSERT INTO area_count
    SELECT theme, coalesce(new.wijk, ''), coalesce(new.buurt, ''), coalesce(new.record_type, ''),
        coalesce(new.kind, ''), coalesce(new.status, ''), coalesce(new.sensitivity, ''), 1
    FROM (SELECT '' AS theme UNION ALL SELECT value FROM json_each(new.themes))
    WHERE 1
    ON CONFLICT DO UPDATE SET n = n + 1;
END;

-- Full text over record's own columns. `secure-delete` removes a deleted row's words at once
-- instead of marking them; that is why this is not a contentless table, which cannot. Only which
-- records hold a word is kept, not where in them: nobody asks for phrases, and it takes a quarter
-- of the room. Beginnings of three letters are so common that they have an index of their own.
CREATE VIRTUAL TABLE search USING fts5 (
    text, thread, more,
    content = 'record', content_rowid = 'row',
    columnsize = 0,
    detail = none,
    prefix = '3',
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER record_search_insert AFTER INSERT ON record BEGIN
    INSERT INTO search (rowid, text, thread, more)
    VALUES (new.row, new.text, new.thread, new.more);
END;
CREATE TRIGGER record_search_delete AFTER DELETE ON record BEGIN
    INSERT INTO search (search, rowid, text, thread, more)
    VALUES ('delete', old.row, old.text, old.thread, old.more);
END;
CREATE TRIGGER record_search_update AFTER UPDATE OF row, text, thread, more ON record
WHEN (old.row, old.text, old.thread, old.more)
    IS NOT (new.row, new.text, new.thread, new.more)
BEGIN
    INSERT INTO search (search, rowid, text, thread, more)
    VALUES ('delete', old.row, old.text, old.thread, old.more);
    INSERT INTO search (rowid, text, thread, more)
    VALUES (new.row, new.text, new.thread, new.more);
END;
