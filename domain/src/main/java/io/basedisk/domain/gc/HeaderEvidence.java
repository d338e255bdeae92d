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
 * The bases that image headers name, as evidence that a base is needed. Each header is read once.
 *
 * <p>An unreadable file is no evidence. Its recorded base is kept all the same, by the reference of
 * the disk or by the record of the child. Other bases are not kept for it, although it may back
 * onto one of them: otherwise one unreadable disk would keep all bases of the home. Not
 * thread-safe.
 */
public final class HeaderEvidence {

  private final Map<Path, BaseDiskId> baseByFile = new HashMap<>();
  private final SetMultimap<BaseDiskId, Path> filesByBase = HashMultimap.create();
  private final Map<Path, String> unread = new TreeMap<>();

  /** {@return empty evidence} */
  public static HeaderEvidence none() {
    return new HeaderEvidence();
  }

  /**
   * {@return the evidence from the headers of images}
   *
   * @param chains follows the backing files
   * @param images paths of the images
   */
  public static HeaderEvidence read(BackingChains chains, Collection<Path> images) {
    HeaderEvidence evidence = new HeaderEvidence();
    for (Path image : images) {
      evidence.read(chains, image, null);
    }
    return evidence;
  }

  /**
   * Adds the base that an image's header names, unless it is the recorded one.
   *
   * @param recorded the recorded base of the image; null for none
   */
  void read(BackingChains chains, Path image, @Nullable BaseDiskId recorded) {
    try {
      chains
          .nearestBase(image)
          .filter(base -> !base.equals(recorded))
          .ifPresent(base -> add(image, base));
    } catch (NotFoundException gone) {
      // Its recorded base is kept by the record.
    } catch (InvalidImageException | StorageException saysNothing) {
      notRead(image, String.valueOf(saysNothing.getMessage()));
    }
  }

  /** Records that a file's header could not be read, and why. */
  void notRead(Path image, String reason) {
    unread.put(image, reason);
  }

  /** {@return the files whose headers could not be read, or whose backing files are missing} */
  public ImmutableList<Path> unread() {
    return ImmutableList.copyOf(unread.keySet());
  }

  /**
   * Sends an event for each file whose header could not be read.
   *
   * @param listener receives the events
   */
  public void reportUnread(EventListener listener) {
    unread.forEach((file, reason) -> listener.on(new Event.NotRead(file, reason)));
  }

  /** {@return an independent copy} */
  public HeaderEvidence copy() {
    HeaderEvidence copy = new HeaderEvidence();
    baseByFile.forEach(copy::add);
    copy.unread.putAll(unread);
    return copy;
  }

  /**
   * {@return the files that back onto a base, ordered by path}
   *
   * @param base id of the base
   */
  public ImmutableList<Path> filesBackingOnto(BaseDiskId base) {
    return filesByBase.get(base).stream().sorted().collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return whether a file backs onto a base}
   *
   * @param base id of the base
   */
  public boolean isBackedOnto(BaseDiskId base) {
    return filesByBase.containsKey(base);
  }

  /**
   * Removes the evidence of a file that is about to be deleted.
   *
   * @param file path of the file
   * @return the base that the file backs onto
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
