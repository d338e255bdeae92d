package io.basedisk.qcow2.check;

/** Which refcounts are to be made what the references say. */
enum RefcountChange {
  /** Those that are too low: what is in use could be given away. */
  RAISE {
    @Override
    boolean concerns(long refcount, long references) {
      return Long.compareUnsigned(refcount, references) < 0;
    }
  },

  /** Those that are too high: space is wasted. */
  LOWER {
    @Override
    boolean concerns(long refcount, long references) {
      return Long.compareUnsigned(refcount, references) > 0;
    }
  };

  /** Returns whether a refcount is one of them. */
  abstract boolean concerns(long refcount, long references);

  /** Changes those of one stretch of the file, not yet durably. */
  void make(CheckedImage image, ReferenceCounts counts) {
    StoredRefcounts stored = image.refcounts();
    for (long cluster = counts.first(); cluster < counts.end(); cluster++) {
      if (stored.isReadable(cluster) && stored.isStored(cluster)) {
        long references = counts.get(cluster);
        if (concerns(stored.get(cluster), references)) {
          stored.set(cluster, references);
        }
      }
    }
    stored.flush();
  }
}
