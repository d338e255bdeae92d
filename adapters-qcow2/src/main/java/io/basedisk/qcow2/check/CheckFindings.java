package io.basedisk.qcow2.check;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What a check has found so far: all of it counted, the first of it in words. */
final class Findings {

  /** A damaged image may have millions. */
  private static final int MAX_DETAILS = 100;

  private final List<String> details = new ArrayList<>();
  private long corruptions;
  private long leaks;
  private long checkErrors;
  private long wrongFlags;
  private long badRefcountBlocks;

  /** Notes a corruption that counts {@code times}. */
  void corruption(long times, Supplier<String> detail) {
    corruptions += times;
    describe(detail);
  }

  /** Notes corruptions that are flags which contradict a refcount. */
  void wrongFlag(long times, Supplier<String> detail) {
    wrongFlags += times;
    corruption(times, detail);
  }

  /** Notes a corruption because of which refcounts can't be kept where they are. */
  void badRefcountBlock(Supplier<String> detail) {
    badRefcountBlocks++;
    corruption(1, detail);
  }

  /** Notes a cluster that is counted more often than it is used. */
  void leak(Supplier<String> detail) {
    leaks++;
    describe(detail);
  }

  /** Notes something that can't be checked. */
  void checkError(Supplier<String> detail) {
    checkErrors++;
    describe(detail);
  }

  private void describe(Supplier<String> detail) {
    if (details.size() < MAX_DETAILS) {
      details.add(detail.get());
    }
  }

  long corruptions() {
    return corruptions;
  }

  boolean hasBadRefcountBlocks() {
    return badRefcountBlocks > 0;
  }

  /** Returns whether something is damaged that is neither a flag nor where refcounts are. */
  boolean hasOtherCorruptions() {
    return corruptions > wrongFlags + badRefcountBlocks;
  }

  long leaks() {
    return leaks;
  }

  long checkErrors() {
    return checkErrors;
  }

  ImmutableList<String> details() {
    return ImmutableList.copyOf(details);
  }
}
