CREATE TABLE record (
	seq         INTEGER PRIMARY KEY,
	id          TEXT    NOT NULL UNIQUE, -- ULID of the capture's time
	kept        INTEGER NOT NULL,        -- unix milliseconds when it was added, which for imports is later
	event_id    TEXT    NOT NULL,
	event_type  TEXT    NOT NULL,
	signature   TEXT    NOT NULL,
	duplicate   INTEGER NOT NULL,
	drift       TEXT    NOT NULL,        -- JSON array of strings
	source      TEXT    NOT NULL,
	replay_of   TEXT    NOT NULL,
	time        INTEGER,                 -- unix nanoseconds; null when the capture knows none
	method      TEXT    NOT NULL,
	url         TEXT    NOT NULL,
	proto       TEXT    NOT NULL,
	remote_addr TEXT    NOT NULL,
	seal        INTEGER NOT NULL,        -- checksum of all columns but seq
	header      BLOB    NOT NULL,        -- "Name: value" lines
	body        BLOB    NOT NULL         -- last, so that what stands before it is read without it
) STRICT;

CREATE INDEX record_event ON record (event_id, id);

CREATE TABLE answer (
	record   INTEGER PRIMARY KEY REFERENCES record ON DELETE CASCADE,
	status   INTEGER NOT NULL,
	duration INTEGER NOT NULL, -- nanoseconds
	seal     INTEGER NOT NULL,
	header   BLOB    NOT NULL,
	body     BLOB    NOT NULL
) STRICT;

CREATE TABLE forward (
	record   INTEGER NOT NULL REFERENCES record ON DELETE CASCADE,
	number   INTEGER NOT NULL, -- from 0, in the order they were made
	target   TEXT    NOT NULL,
	status   INTEGER NOT NULL,
	duration INTEGER NOT NULL, -- nanoseconds
	error    TEXT    NOT NULL,
	attempt  INTEGER NOT NULL,
	seal     INTEGER NOT NULL,
	PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;
