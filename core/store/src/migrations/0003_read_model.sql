-- The read model anew: everything below follows from the changes, and is filled from them after
-- this step. NULL where a value is empty or, when `readable` is 0, cannot be read.
DROP TABLE search;
DROP TABLE area_count;
DROP TABLE tally;
DROP TABLE participant;
DROP TABLE record_wijk_too;
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
    -- What lists show; the thread without what was withdrawn; and what is only searched: the
    -- answer, and the losers of a conflict.
    text TEXT NOT NULL,
    thread TEXT NOT NULL,
    more TEXT NOT NULL
) STRICT;
-- Every index ends with the row, so these give newest first without sorting.
CREATE INDEX record_wijk ON record (wijk);
CREATE INDEX record_wijk_status ON record (wijk, status);
CREATE INDEX record_buurt ON record (buurt);
CREATE INDEX record_status ON record (status);
-- The last two: to count what somebody wrote outside their class without reading the records.
CREATE INDEX record_author ON record (author, row, wijk, sensitivity);
CREATE INDEX record_assignee ON record (assignee) WHERE assignee IS NOT NULL;
CREATE INDEX record_stage ON record (stage) WHERE stage IS NOT NULL;
CREATE INDEX record_owed ON record (owed_by) WHERE owed_by IS NOT NULL;
CREATE INDEX record_due ON record (due_on) WHERE due_on IS NOT NULL;
CREATE INDEX record_conflicts ON record (row) WHERE conflicts > 0;
CREATE INDEX record_position ON record (lat, lon) WHERE lat IS NOT NULL;
CREATE INDEX record_occurred_at ON record (occurred_at);
-- Written down more than 45 days before or after it happened. All others of a period lie between
-- two rows, because a row is a time.
CREATE INDEX record_belated ON record (occurred_at)
WHERE abs(occurred_at - (row >> 15)) > 3888000000;

CREATE TABLE record_theme (
    theme TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (theme, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_theme_row ON record_theme (row, theme);

-- The wijken besides record.wijk: of several values of the buurt side by side, or of a set of them.
CREATE TABLE record_wijk_too (
    wijk TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (wijk, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_wijk_too_row ON record_wijk_too (row, wijk);

-- Who takes part in it: assignees, a visit's team.
CREATE TABLE participant (
    principal BLOB NOT NULL CHECK (length(principal) = 16),
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (principal, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_row ON participant (row, principal);

-- Records that this one names, and as what: the visit it hangs under, what it is about.
-- What is named need not be here.
CREATE TABLE record_link (
    target BLOB NOT NULL CHECK (length(target) = 16),
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (target, row, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_link_row ON record_link (row, target, kind);

-- Numbers under which other systems know it, e.g. signalen:12345.
CREATE TABLE record_reference (
    reference TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (reference, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_reference_row ON record_reference (row, reference);

-- A visit's counters that are not zero.
CREATE TABLE tally (
    row INTEGER NOT NULL REFERENCES record (row) ON UPDATE CASCADE ON DELETE CASCADE,
    key TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (row, key)
) STRICT, WITHOUT ROWID;

-- How many records there are of each sort: all of them under theme '', and once more under each of
-- their themes. '' also where record has NULL.
CREATE TABLE area_count (
    theme TEXT NOT NULL,
    wijk TEXT NOT NULL,
    buurt TEXT NOT NULL,
    record_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (theme, wijk, buurt, record_type, kind, status, sensitivity)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER record_count_insert AFTER INSERT ON record BEGIN
    INSERT INTO area_count VALUES (
        '', coalesce(new.wijk, ''), coalesce(new.buurt, ''), coalesce(new.record_type, ''),
        coalesce(new.kind, ''), coalesce(new.status, ''), coalesce(new.sensitivity, ''), 1
    ) ON CONFLICT DO UPDATE SET n = n + 1;
END;
-- Before, while its themes are still there.
CREATE TRIGGER record_count_delete BEFORE DELETE ON record BEGIN
    UPDATE area_count SET n = n - 1
    WHERE theme IN (SELECT '' UNION ALL SELECT t.theme FROM record_theme t WHERE t.row = old.row)
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '');
    DELETE FROM area_count
    WHERE theme IN (SELECT '' UNION ALL SELECT t.theme FROM record_theme t WHERE t.row = old.row)
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
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
    WHERE theme IN (SELECT '' UNION ALL SELECT t.theme FROM record_theme t WHERE t.row = old.row)
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '');
    DELETE FROM area_count
    WHERE theme IN (SELECT '' UNION ALL SELECT t.theme FROM record_theme t WHERE t.row = old.row)
        AND wijk = coalesce(old.wijk, '') AND buurt = coalesce(old.buurt, '')
        AND record_type = coalesce(old.record_type, '') AND kind = coalesce(old.kind, '')
        AND status = coalesce(old.status, '') AND sensitivity = coalesce(old.sensitivity, '')
        AND n <= 0;
    INSERT INTO area_count
    SELECT theme, coalesce(new.wijk, ''), coalesce(new.buurt, ''), coalesce(new.record_type, ''),
        coalesce(new.kind, ''), coalesce(new.status, ''), coalesce(new.sensitivity, ''), 1
    FROM (SELECT '' AS theme UNION ALL SELECT t.theme FROM record_theme t WHERE t.row = new.row)
    WHERE 1
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER theme_count_insert AFTER INSERT ON record_theme BEGIN
    INSERT INTO area_count
    SELECT new.theme, coalesce(r.wijk, ''), coalesce(r.buurt, ''), coalesce(r.record_type, ''),
        coalesce(r.kind, ''), coalesce(r.status, ''), coalesce(r.sensitivity, ''), 1
    FROM record r WHERE r.row = new.row
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
-- Where the record goes with its themes, its own trigger has counted already.
CREATE TRIGGER theme_count_delete AFTER DELETE ON record_theme BEGIN
    UPDATE area_count SET n = n - 1
    WHERE theme = old.theme AND (wijk, buurt, record_type, kind, status, sensitivity) IN (
        SELECT coalesce(r.wijk, ''), coalesce(r.buurt, ''), coalesce(r.record_type, ''),
            coalesce(r.kind, ''), coalesce(r.status, ''), coalesce(r.sensitivity, '')
        FROM record r WHERE r.row = old.row
    );
    DELETE FROM area_count
    WHERE theme = old.theme AND n <= 0
        AND (wijk, buurt, record_type, kind, status, sensitivity) IN (
            SELECT coalesce(r.wijk, ''), coalesce(r.buurt, ''), coalesce(r.record_type, ''),
                coalesce(r.kind, ''), coalesce(r.status, ''), coalesce(r.sensitivity, '')
            FROM record r WHERE r.row = old.row
        );
END;

-- Full text over record's own columns. `secure-delete` removes a deleted row's words at once
-- instead of marking them; that is why this is not a contentless table, which cannot.
CREATE VIRTUAL TABLE search USING fts5 (
    text, thread, more,
    content = 'record', content_rowid = 'row',
    columnsize = 0,
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
