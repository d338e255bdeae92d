package io.basedisk.qcow2.check;

/**
 * Which wrong refcounts to replace by the number of references.
 *
 * <p>Specification: "Host cluster management", "Refcount block entry".
 */
enum RefcountChange {
  /** Refcounts that are too low: a writer could allocate a cluster that is in use. */
  RAISE {
    @Override
    boolean concerns(long refcount, long references) {
      return Long.compareUnsigned(refcount, references) < 0;
    }
  },

  /** Refcounts that are too high: they waste space. */
  LOWER {
    @Override
    boolean concerns(long refcount, long references) {
      return Long.compareUnsigned(refcount, references) > 0;
    }
  };

  /** {@return whether to replace a refcount} */
  abstract boolean concerns(long refcount, long references);

  /** Writes the corrected refcounts of one stretch of the file. The caller makes them durable. */
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
