-- Also the type, upon which depends whether a record is seen by its class: so that what somebody
-- wrote outside their class is counted from the index alone.
DROP INDEX record_author;
CREATE INDEX record_author ON record (author, row, wijk, sensitivity, record_type);
