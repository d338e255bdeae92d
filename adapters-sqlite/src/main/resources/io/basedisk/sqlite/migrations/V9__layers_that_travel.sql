-- Bases as layers that travel between homes.

-- The digest over a base and all bases below it, SHA-256 in hexadecimal. Two bases may have the same.
ALTER TABLE bases ADD COLUMN chain_id TEXT;

CREATE INDEX bases_by_chain_id ON bases (chain_id);

-- The chunks in which a base was packed last: digests, SHA-256 in hexadecimal, and lengths in bytes.
CREATE TABLE layer_chunks (
  base_id       TEXT    NOT NULL REFERENCES bases (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal       INTEGER NOT NULL,
  blob          TEXT    NOT NULL,
  blob_bytes    INTEGER NOT NULL,
  content       TEXT    NOT NULL,
  content_bytes INTEGER NOT NULL,
  PRIMARY KEY (base_id, ordinal)
) STRICT, WITHOUT ROWID;

-- The bases that an import creates. Their files are those of the intent, after the files of its box:
-- for each base, its temporary file and its file.
CREATE TABLE intent_new_bases (
  intent_id INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  ordinal   INTEGER NOT NULL,
  base_id   TEXT    NOT NULL,
  PRIMARY KEY (intent_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Where the content of a rootfs came from: the path of an image, or the reference of an artifact.
ALTER TABLE rootfs_entries ADD COLUMN origin TEXT;

PRAGMA user_version = 9;
