package io.basedisk.qcow2.check;

/** What of an image is damaged, as far as it decides what may be done about it. */
final class Survey {

  private final CheckedImage image;
  private final Findings ofCounts = new Findings();
  private final Findings ofStructure = new Findings();
  private boolean countedTooLow;
  private boolean countedNowhere;
  private boolean headerAlone;

  private Survey(CheckedImage image) {
    this.image = image;
  }

  /** Looks through the whole image. */
  static Survey of(CheckedImage image) {
    Survey survey = new Survey(image);
    ReferenceCounts.forEachStretch(image, survey::walk);
    return survey;
  }

  private void walk(ReferenceCounts counts) {
    new ReferenceWalk(image, counts, null, ofCounts, ofStructure).walk();
    if (counts.first() == 0) {
      headerAlone = counts.get(0) == 1;
    }
    for (long cluster = counts.first(); cluster < counts.end(); cluster++) {
      long references = counts.get(cluster);
      if (references > 0) {
        compare(cluster, references);
      }
    }
  }

  private void compare(long cluster, long references) {
    StoredRefcounts stored = image.refcounts();
    if (!stored.isReadable(cluster) || !stored.isStored(cluster)) {
      countedNowhere = true;
    } else {
      countedTooLow |= Long.compareUnsigned(stored.get(cluster), references) < 0;
    }
  }

  /**
   * Returns whether there may be references that nothing shows any more: of a table that is not
   * where an entry says, for example. What seems to be leaked may be all that is left of something.
   */
  boolean mayLackReferences() {
    return ofStructure.hasOtherCorruptions();
  }

  /** Returns whether a cluster has more references than a refcount can say. */
  boolean hasUncountable() {
    return ofCounts.hasOtherCorruptions();
  }

  /** Returns whether refcounts can't be kept where they are. */
  boolean needsNewRefcounts() {
    return countedNowhere || ofCounts.hasBadRefcountBlocks() || ofStructure.hasBadRefcountBlocks();
  }

  /** Returns whether nothing but leaks, and flags that go with them, is wrong. */
  boolean isSoundButForLeaks() {
    return !mayLackReferences() && !hasUncountable() && !needsNewRefcounts() && !countedTooLow;
  }

  /** Returns whether the header's cluster is nothing else, so that the header may change. */
  boolean isHeaderWritable() {
    return headerAlone;
  }
}
