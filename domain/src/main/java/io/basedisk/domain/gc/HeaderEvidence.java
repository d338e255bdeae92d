package io.basedisk.domain.gc;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.SetMultimap;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseDiskId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the headers of some files say about the bases that they back onto, read once.
 *
 * <p>A file that can't be read is no evidence against the bases that the store records for it: its
 * reference, or its place as a child, keeps those. Not safe for many threads.
 */
public final class HeaderEvidence {

  private final Map<Path, BaseDiskId> baseByFile = new HashMap<>();
  private final SetMultimap<BaseDiskId, Path> filesByBase = HashMultimap.create();
  private final Set<Path> unreadable = new TreeSet<>();

  /** Returns no evidence. */
  public static HeaderEvidence none() {
    return new HeaderEvidence();
  }

  /** Returns what the headers of {@code images} say. */
  public static HeaderEvidence read(BackingChains chains, Collection<Path> images) {
    HeaderEvidence evidence = new HeaderEvidence();
    for (Path image : images) {
      try {
        chains.nearestBase(image).ifPresent(base -> evidence.add(image, base));
      } catch (NotFoundException | InvalidImageException saysNothing) {
        evidence.unreadable.add(image);
      }
    }
    return evidence;
  }

  /** Returns the same evidence, to be changed apart from this. */
  public HeaderEvidence copy() {
    HeaderEvidence copy = new HeaderEvidence();
    baseByFile.forEach(copy::add);
    copy.unreadable.addAll(unreadable);
    return copy;
  }

  /** Returns the files that back onto {@code base}, ordered by path. */
  public ImmutableList<Path> filesBackingOnto(BaseDiskId base) {
    return filesByBase.get(base).stream().sorted().collect(ImmutableList.toImmutableList());
  }

  /** Returns the files that could not be read, ordered by path. */
  public ImmutableList<Path> unreadable() {
    return ImmutableList.copyOf(unreadable);
  }

  /** Takes {@code file} out: it is about to be deleted. */
  public void forget(Path file) {
    BaseDiskId base = baseByFile.remove(file);
    if (base != null) {
      filesByBase.remove(base, file);
    }
  }

  private void add(Path file, BaseDiskId base) {
    baseByFile.put(file, base);
    filesByBase.put(base, file);
  }
}
