-- What students of a room share: scores in plain text, meant for whoever compares cohorts. No row says whose it is.
-- Version 2 of the room's file. A later version is a further file beside this one; this one is never edited.

CREATE TABLE share (
  place    BLOB NOT NULL PRIMARY KEY,         -- SHA-256 of a random key that lies sealed among the student's own records
  document TEXT NOT NULL,                     -- one share as JSON; docs/share.schema.json describes it
  hash     BLOB NOT NULL                      -- SHA-256 of place and document: damage is never passed on
) WITHOUT ROWID;                              -- in the order of the random places, not in that of arrival
