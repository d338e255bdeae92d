-- What was decided once for all users of the home: one row at most.
CREATE TABLE home (
  id                       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  when_locks_cant_be_asked TEXT    NOT NULL
    CHECK (when_locks_cant_be_asked IN ('trust-caller', 'keep-everything'))
) STRICT;

PRAGMA user_version = 2;
