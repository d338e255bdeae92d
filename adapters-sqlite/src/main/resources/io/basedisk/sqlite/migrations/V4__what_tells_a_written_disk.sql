-- What tells whether a claimed disk was written to since: when it was changed last, in nanoseconds
-- since 1970, and how long it was. Null where that makes no difference.
ALTER TABLE intent_disks ADD COLUMN modified_at_nanos INTEGER;
ALTER TABLE intent_disks ADD COLUMN length INTEGER
  CHECK ((length IS NULL) = (modified_at_nanos IS NULL));

PRAGMA user_version = 4;
