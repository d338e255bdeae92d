package io.basedisk.domain.gc;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.SetMultimap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.chain.BackingChains;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.port.EventListener;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of some files say about the bases that they back onto, read once.
 *
 * <p>A file that can't be read is no evidence against the bases that the store records for it: its
 * reference, or its place as a child, keeps those. It may back onto any other base, and keeps none
 * of them: else one box would keep all bases of a home. Not safe for many threads.
 */
public final class HeaderEvidence {

  private final Map<Path, BaseDiskId> baseByFile = new HashMap<>();
  private final SetMultimap<BaseDiskId, Path> filesByBase = HashMultimap.create();
  private final Map<Path, String> unread = new TreeMap<>();

  /** Returns no evidence. */
  public static HeaderEvidence none() {
    return new HeaderEvidence();
  }

  /** Returns what the headers of {@code images} say. */
  public static HeaderEvidence read(BackingChains chains, Collection<Path> images) {
    HeaderEvidence evidence = new HeaderEvidence();
    for (Path image : images) {
      evidence.read(chains, image, null);
    }
    return evidence;
  }

  /**
   * Adds what the header of {@code image} says, unless it is what is recorded.
   *
   * @param recorded the base that the store records for it; null for none
   */
  void read(BackingChains chains, Path image, @Nullable BaseDiskId recorded) {
    try {
      chains
          .nearestBase(image)
          .filter(base -> !base.equals(recorded))
          .ifPresent(base -> add(image, base));
    } catch (NotFoundException gone) {
      // What the store records for it stays all the same.
    } catch (InvalidImageException | StorageException saysNothing) {
      notRead(image, String.valueOf(saysNothing.getMessage()));
    }
  }

  /** Notes that a file's header could not be read, and why. */
  void notRead(Path image, String reason) {
    unread.put(image, reason);
  }

  /** Returns the files whose headers could not be read, or whose backing files are missing. */
  public ImmutableList<Path> unread() {
    return ImmutableList.copyOf(unread.keySet());
  }

  /** Tells of the files whose headers could not be read. */
  public void tellOfUnread(EventListener listener) {
    unread.forEach((file, reason) -> listener.on(new Event.NotRead(file, reason)));
  }

  /** Returns the same evidence, to be changed apart from this. */
  public HeaderEvidence copy() {
    HeaderEvidence copy = new HeaderEvidence();
    baseByFile.forEach(copy::add);
    copy.unread.putAll(unread);
    return copy;
  }

  /** Returns the files that back onto {@code base}, ordered by path. */
  public ImmutableList<Path> filesBackingOnto(BaseDiskId base) {
    return filesByBase.get(base).stream().sorted().collect(ImmutableList.toImmutableList());
  }

  /** Returns whether a file backs onto {@code base}. */
  public boolean isBackedOnto(BaseDiskId base) {
    return filesByBase.containsKey(base);
  }

  /**
   * Takes {@code file} out: it is about to be deleted.
   *
   * @return the base that it backs onto
   */
  @CanIgnoreReturnValue
  public Optional<BaseDiskId> forget(Path file) {
    BaseDiskId base = baseByFile.remove(file);
    if (base != null) {
      filesByBase.remove(base, file);
    }
    return Optional.ofNullable(base);
  }

  private void add(Path file, BaseDiskId base) {
    baseByFile.put(file, base);
    filesByBase.put(base, file);
  }
}
