package io.basedisk.qcow2.check;

/** The kinds of damage of an image that decide which repairs are safe. */
final class Survey {

  private final CheckedImage image;
  private final CheckFindings ofCounts = new CheckFindings();
  private final CheckFindings ofStructure = new CheckFindings();
  private boolean countedTooLow;
  private boolean countedNowhere;
  private boolean headerAlone;

  private Survey(CheckedImage image) {
    this.image = image;
  }

  /** Walks through the whole image. */
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
   * {@return whether references may be missing, for example because an entry leads to the wrong
   * offset} A cluster that looks leaked may then hold the only copy of some data.
   */
  boolean mayLackReferences() {
    return ofStructure.hasOtherCorruptions();
  }

  /** {@return whether a cluster has more references than a refcount can hold} */
  boolean hasUncountable() {
    return ofCounts.hasOtherCorruptions();
  }

  /** {@return whether refcounts can't stay at their present positions} */
  boolean needsNewRefcounts() {
    return countedNowhere || ofCounts.hasBadRefcountBlocks() || ofStructure.hasBadRefcountBlocks();
  }

  /** {@return whether the only damage is leaks, and copied flags that are wrong because of them} */
  boolean isSoundButForLeaks() {
    return !mayLackReferences() && !hasUncountable() && !needsNewRefcounts() && !countedTooLow;
  }

  /** {@return whether the header's cluster has no other use, so that the header may change} */
  boolean isHeaderWritable() {
    return headerAlone;
  }
}
