-- The first schema: bases, boxes, references, intents, and what is on its way out.
--
-- The rules that StoreTransaction promises are here as constraints, so that they hold whatever the
-- code does. Times are Unix seconds, sizes bytes, paths text.

-- The records of base disks. "seq" numbers the insertions: it breaks ties in lists.
CREATE TABLE bases (
  seq                  INTEGER PRIMARY KEY AUTOINCREMENT,
  id                   TEXT    NOT NULL UNIQUE,
  source_box_id        TEXT    NOT NULL,
  name                 TEXT,
  kind                 TEXT    NOT NULL CHECK (kind IN ('snapshot', 'clone_base', 'rootfs')),
  base_path            TEXT    NOT NULL UNIQUE,
  container_disk_bytes INTEGER NOT NULL,
  size_bytes           INTEGER NOT NULL,
  -- NO ACTION forbids what RESTRICT forbids, but looks when the statement ends: so one DELETE takes
  -- all bases of a box, however they stand on each other.
  parent_id            TEXT    REFERENCES bases (id) ON DELETE NO ACTION ON UPDATE RESTRICT,
  created_at           INTEGER NOT NULL,
  -- The fingerprint: nanoseconds since 1970, and SHA-256 in hexadecimal.
  modified_at_nanos    INTEGER,
  digest               TEXT,
  CHECK (digest IS NULL OR modified_at_nanos IS NOT NULL),
  UNIQUE (source_box_id, name)
) STRICT;

CREATE INDEX bases_by_parent ON bases (parent_id);
-- With the box, lest a list of one kind of one box walks all bases of that kind.
CREATE INDEX bases_by_kind ON bases (kind, source_box_id);

CREATE TABLE boxes (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT    NOT NULL UNIQUE,
  disks_dir  TEXT    NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

-- Which base the disk in a slot of a box stands on: at most one.
CREATE TABLE box_references (
  box_id  TEXT NOT NULL REFERENCES boxes (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  slot    TEXT NOT NULL CHECK (slot IN ('container', 'guest_rootfs')),
  base_id TEXT NOT NULL REFERENCES bases (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  PRIMARY KEY (box_id, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX box_references_by_base ON box_references (base_id);

-- The operations under way. The uniqueness of what they name is the claim.
CREATE TABLE intents (
  id                    INTEGER NOT NULL PRIMARY KEY,
  operation             TEXT    NOT NULL,
  started_at            INTEGER NOT NULL,
  planned_id            TEXT    UNIQUE,
  planned_path          TEXT    UNIQUE,
  planned_source_box_id TEXT,
  planned_name          TEXT,
  planned_kind          TEXT CHECK (planned_kind IN ('snapshot', 'clone_base', 'rootfs')),
  planned_parent_id     TEXT,
  UNIQUE (planned_source_box_id, planned_name),
  CHECK ((planned_id IS NULL) = (planned_path IS NULL)),
  CHECK ((planned_id IS NULL) = (planned_source_box_id IS NULL)),
  CHECK ((planned_id IS NULL) = (planned_kind IS NULL)),
  CHECK (planned_id IS NOT NULL OR (planned_name IS NULL AND planned_parent_id IS NULL))
) STRICT;

-- The boxes need not exist: an intent may be about to make them.
CREATE TABLE intent_boxes (
  intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal   INTEGER NOT NULL,
  box_id    TEXT    NOT NULL UNIQUE,
  disks_dir TEXT    NOT NULL UNIQUE,
  PRIMARY KEY (intent_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE intent_disks (
  intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal   INTEGER NOT NULL,
  slot      TEXT    NOT NULL CHECK (slot IN ('container', 'guest_rootfs')),
  path      TEXT    NOT NULL,
  device    INTEGER NOT NULL,
  inode     INTEGER NOT NULL,
  PRIMARY KEY (intent_id, ordinal),
  UNIQUE (device, inode)
) STRICT, WITHOUT ROWID;

-- The bases that must stay while the intent stands.
CREATE TABLE intent_bases (
  intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  base_id   TEXT    NOT NULL REFERENCES bases (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  PRIMARY KEY (intent_id, base_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX intent_bases_by_base ON intent_bases (base_id, intent_id);

CREATE TABLE intent_files (
  intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal   INTEGER NOT NULL,
  path      TEXT    NOT NULL,
  PRIMARY KEY (intent_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Bases that may be unneeded.
CREATE TABLE collect_pending (
  base_id TEXT NOT NULL PRIMARY KEY REFERENCES bases (id) ON DELETE CASCADE ON UPDATE RESTRICT
) STRICT, WITHOUT ROWID;

-- Bases whose record is gone and whose file is about to go.
CREATE TABLE deleting_bases (
  id        TEXT NOT NULL PRIMARY KEY,
  base_path TEXT NOT NULL UNIQUE,
  parent_id TEXT REFERENCES bases (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT, WITHOUT ROWID;

CREATE INDEX deleting_bases_by_parent ON deleting_bases (parent_id);

-- An id or a path is of a recorded base or of one about to be deleted, never of both: a new base
-- would lose its file to the deletion that is under way.
CREATE TRIGGER bases_are_not_being_deleted BEFORE INSERT ON bases
WHEN EXISTS (SELECT 1 FROM deleting_bases WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM deleting_bases WHERE base_path = NEW.base_path)
BEGIN
  SELECT RAISE(ABORT, 'the base is being deleted');
END;

CREATE TRIGGER deleting_bases_are_not_recorded BEFORE INSERT ON deleting_bases
WHEN EXISTS (SELECT 1 FROM bases WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM bases WHERE base_path = NEW.base_path)
BEGIN
  SELECT RAISE(ABORT, 'the base is recorded');
END;

-- What is planned is neither.
CREATE TRIGGER planned_bases_are_new BEFORE INSERT ON intents
WHEN EXISTS (SELECT 1 FROM bases WHERE id = NEW.planned_id)
  OR EXISTS (SELECT 1 FROM bases WHERE base_path = NEW.planned_path)
  OR EXISTS (SELECT 1 FROM deleting_bases WHERE id = NEW.planned_id)
  OR EXISTS (SELECT 1 FROM deleting_bases WHERE base_path = NEW.planned_path)
BEGIN
  SELECT RAISE(ABORT, 'the planned base is not new');
END;

-- "basd" in ASCII: by it a database of basedisk is told from any other.
PRAGMA application_id = 1650553700;
-- The schema's version, by which a current database is known without starting Flyway.
PRAGMA user_version = 1;
