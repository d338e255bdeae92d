-- The files of an adoption, beyond what each operation's intent has: one row for each row of its
-- disks, with the same ordinal. A file becomes the disk of a box or a base. Where it moves into the
-- home, its mode is there and, where its header changes, the patch: bytes in lower-case hexadecimal.
CREATE TABLE intent_adopted (
  intent_id    INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal      INTEGER NOT NULL,
  box_id       TEXT,
  base_id      TEXT,
  parent_id    TEXT,
  format       TEXT    NOT NULL CHECK (format IN ('qcow2', 'raw')),
  virtual_size INTEGER NOT NULL CHECK (virtual_size >= 0),
  moved_mode   INTEGER,
  patch_offset INTEGER,
  bytes_before TEXT,
  bytes_after  TEXT,
  PRIMARY KEY (intent_id, ordinal),
  CHECK ((box_id IS NULL) <> (base_id IS NULL)),
  CHECK (patch_offset IS NULL OR moved_mode IS NOT NULL),
  CHECK ((patch_offset IS NULL) = (bytes_before IS NULL)),
  CHECK ((patch_offset IS NULL) = (bytes_after IS NULL))
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 7;
