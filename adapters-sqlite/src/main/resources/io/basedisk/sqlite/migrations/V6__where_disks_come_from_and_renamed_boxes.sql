-- Boxes with foreign disks, which were there before basedisk, and boxes that can be renamed.

-- A box that an earlier version registered has foreign disks if they are outside the home's directory
-- of boxes. The home is the recorded one. A database without it is older than identities: then the
-- file of a base tells where the home was, or else the usual place of a box's disks.
ALTER TABLE boxes ADD COLUMN is_foreign INTEGER NOT NULL DEFAULT 0 CHECK (is_foreign IN (0, 1));

UPDATE boxes SET is_foreign = 1
  WHERE NOT coalesce(
    (SELECT substr(boxes.disks_dir, 1, length(rtrim(path, '/') || '/boxes/'))
        = rtrim(path, '/') || '/boxes/'
      FROM home_identity),
    (SELECT substr(boxes.disks_dir, 1, length(home || 'boxes/')) = home || 'boxes/'
      FROM (
        SELECT substr(base_path, 1, length(base_path) - length('bases/' || id || '.qcow2')) AS home
        FROM bases
        WHERE is_foreign = 0
          AND substr(base_path, -length('/bases/' || id || '.qcow2')) = '/bases/' || id || '.qcow2'
        ORDER BY seq
        LIMIT 1)),
    substr(disks_dir, -length('/boxes/' || id || '/disks')) = '/boxes/' || id || '/disks');

-- The records of a box follow its name. A constraint can't be changed, so the tables are made anew.
CREATE TABLE new_box_references (
  box_id  TEXT NOT NULL REFERENCES boxes (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  slot    TEXT NOT NULL CHECK (slot IN ('container', 'guest_rootfs')),
  base_id TEXT NOT NULL REFERENCES bases (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  PRIMARY KEY (box_id, slot)
) STRICT, WITHOUT ROWID;

INSERT INTO new_box_references (box_id, slot, base_id)
  SELECT box_id, slot, base_id FROM box_references;

DROP TABLE box_references;
ALTER TABLE new_box_references RENAME TO box_references;
CREATE INDEX box_references_by_base ON box_references (base_id);

CREATE TABLE new_box_disks (
  box_id TEXT NOT NULL REFERENCES boxes (id) ON DELETE CASCADE ON UPDATE CASCADE,
  slot   TEXT NOT NULL CHECK (slot IN ('container', 'guest_rootfs')),
  path   TEXT NOT NULL UNIQUE,
  PRIMARY KEY (box_id, slot)
) STRICT, WITHOUT ROWID;

INSERT INTO new_box_disks (box_id, slot, path)
  SELECT box_id, slot, path FROM box_disks;

DROP TABLE box_disks;
ALTER TABLE new_box_disks RENAME TO box_disks;

PRAGMA user_version = 6;
