-- The records of a room: sealed rows in lockers, added and never changed. Nothing here can be read without a return code.
-- Version 1. A later version is a further file beside this one; this one is never edited.

CREATE TABLE room (
  salt BLOB NOT NULL                          -- random, made once: keys come from a return code and this
);

CREATE TABLE locker (
  number INTEGER PRIMARY KEY,                 -- its short name within this file
  id     BLOB    NOT NULL UNIQUE,             -- 16 bytes that come from the return code; they tell nothing of it
  life   BLOB    NOT NULL,                    -- random, drawn anew when all its rows are erased
  last   INTEGER NOT NULL,                    -- the place of its last row, 0 without any: a lost last row is noticed
  size   INTEGER NOT NULL                     -- bytes of its sealed rows
);

CREATE TABLE sealed_row (
  locker INTEGER NOT NULL REFERENCES locker (number),
  place  INTEGER NOT NULL,                    -- 1, 2, 3 … without gaps within the locker
  sealed BLOB    NOT NULL,                    -- the record, encrypted where the student's page is drawn
  hash   BLOB    NOT NULL,                    -- SHA-256 of place, locker, life and sealed: damage is never passed on
  UNIQUE (locker, place)
);

CREATE TABLE finished (
  locker INTEGER NOT NULL REFERENCES locker (number),
  page   TEXT    NOT NULL,                    -- the page's name in its address, for the advisor's counts
  UNIQUE (locker, page)
);

CREATE TRIGGER sealed_row_is_never_changed BEFORE UPDATE ON sealed_row
BEGIN SELECT RAISE(ABORT, 'rows are never changed'); END;
