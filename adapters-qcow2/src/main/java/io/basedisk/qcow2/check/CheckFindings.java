package io.basedisk.qcow2.check;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** CheckFindings of a check so far: a count of each kind, and a description of the first ones. */
final class CheckFindings {

  /** A damaged image can have millions of findings. */
  private static final int MAX_DETAILS = 100;

  private final List<String> details = new ArrayList<>();
  private long corruptions;
  private long leaks;
  private long checkErrors;
  private long wrongFlags;
  private long badRefcountBlocks;

  /** Adds a corruption that counts {@code times}. */
  void corruption(long times, Supplier<String> detail) {
    corruptions += times;
    describe(detail);
  }

  /** Adds a corruption: a copied flag that contradicts the refcount. */
  void wrongFlag(long times, Supplier<String> detail) {
    wrongFlags += times;
    corruption(times, detail);
  }

  /** Adds a corruption: a refcount block at a position where it can't stay. */
  void badRefcountBlock(Supplier<String> detail) {
    badRefcountBlocks++;
    corruption(1, detail);
  }

  /** Adds a leak: a cluster whose refcount is higher than its references. */
  void leak(Supplier<String> detail) {
    leaks++;
    describe(detail);
  }

  /** Adds a structure that can't be checked. */
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

  /** {@return whether there is a corruption other than wrong flags and bad refcount blocks} */
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
