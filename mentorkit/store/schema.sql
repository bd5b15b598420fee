-- The records of one student: one file, rows are added and never changed.
-- Version 1. A later version is a further file beside this one; this one is never edited.

CREATE TABLE record (
  id       INTEGER PRIMARY KEY AUTOINCREMENT, -- 1, 2, 3 … without gaps: a gap means a lost row
  stream   TEXT    NOT NULL,                  -- what the record is about, e.g. answer/needs//2026-fall
  revision INTEGER NOT NULL,                  -- 1, 2, 3 … within the stream; order never comes from a clock
  document TEXT    NOT NULL,                  -- the record itself as JSON; docs/record.schema.json describes it
  hash     BLOB    NOT NULL,                  -- SHA-256 of id and document: a damaged row is never shown as good
  UNIQUE (stream, revision)                   -- two writers cannot both write the next revision
);

CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;

CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;
