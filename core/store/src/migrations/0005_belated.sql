-- Three days instead of 45: a list of a period goes through everything that was written down so
-- long after its end, and in 45 days that can be more than one question may look at.
DROP INDEX record_belated;
CREATE INDEX record_belated ON record (occurred_at)
WHERE abs(occurred_at - (row >> 15)) > 259200000;
