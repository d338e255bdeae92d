-- The log: one row for each change that an operator may ask for. It has no secondary index, because
-- each operation appends to it, and few people read it.
CREATE TABLE log_entries (
  number       INTEGER NOT NULL PRIMARY KEY,
  -- Seconds since 1970.
  at           INTEGER NOT NULL,
  event        TEXT    NOT NULL,
  operation    TEXT,
  operation_id INTEGER,
  -- Names with a space before and after each; empty for none. No name has a space.
  boxes        TEXT    NOT NULL,
  base_id      TEXT,
  name         TEXT,
  detail       TEXT,
  CHECK ((operation IS NULL) = (operation_id IS NULL))
) STRICT;

-- Keeps the newest 10,000 rows, and up to 255 more: dropping many at once costs less. The newest row
-- stays, so no number is given twice.
CREATE TRIGGER log_entries_are_bounded AFTER INSERT ON log_entries
WHEN NEW.number % 256 = 0
BEGIN
  DELETE FROM log_entries WHERE number <= NEW.number - 10000;
END;

PRAGMA user_version = 8;
