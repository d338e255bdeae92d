package io.basedisk.oci.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * An OCI image layout in a directory.
 *
 * <p>One process at a time writes to a layout: from its first {@link #write} to {@link #close}, it
 * holds a lock. Blobs appear one by one, and a new index replaces the old one last. A crash leaves
 * whole blobs, which a repeat uses, and temporary files, which the next writer deletes.
 */
public final class LayoutBlobs implements Blobs {

  private final LayoutFiles files;
  private final Set<Blob> held = Sets.newConcurrentHashSet();
  private Optional<LayoutLock> lock = Optional.empty();

  /**
   * Names a layout. Nothing is opened yet.
   *
   * @param directory its directory, which may be missing or empty
   */
  public LayoutBlobs(Path directory) {
    this.files = new LayoutFiles(directory);
  }

  /**
   * Checks that the directory is a layout, or that a writer can make it one. Changes nothing.
   *
   * @throws InvalidArgumentException if it is neither a layout nor empty
   * @throws NotFoundException if its parent does not exist
   * @throws InvalidImageException if the layout is not valid
   */
  public void checkWritable() {
    files.checkParent();
    if (isLayout()) {
      LayoutIndex unused = index();
    }
  }

  /** Returns whether the directory has the mark of a layout; without it, it must be empty. */
  private boolean isLayout() {
    boolean isMarked = files.find(files.path(LayoutIndex.MARKER)).isPresent();
    if (!isMarked && !files.isNew()) {
      throw new InvalidArgumentException(
          files.root() + ": it is no OCI image layout, and not empty: use a new directory");
    }
    return isMarked;
  }

  @Override
  public boolean has(Blob blob) {
    if (held.contains(blob)) {
      return true;
    }
    // A damaged file of an earlier writer must not become a part of a new artifact.
    boolean isWhole = isWhole(blob);
    if (isWhole) {
      held.add(blob);
    }
    return isWhole;
  }

  private boolean isWhole(Blob blob) {
    Optional<Long> size = files.find(files.path(blob.digest()));
    return size.isPresent() && size.get() == blob.bytes() && BlobInput.isWhole(this, blob);
  }

  @Override
  public void write(Blob blob, Path file, Progress progress) {
    throwIfInterrupted();
    lockForWriting();
    if (!has(blob)) {
      files.copy(file, blob, progress);
      held.add(blob);
    }
  }

  @Override
  public InputStream read(Blob blob, long from) {
    Path file = files.path(blob.digest());
    if (files.find(file).isEmpty()) {
      throw new NotFoundException(files.root() + ": blob " + blob.digest() + " is missing");
    }
    FileChannel channel = files.open(file, StandardOpenOption.READ);
    try {
      return Channels.newInputStream(channel.position(from));
    } catch (IOException e) {
      throw files.failure("cannot read", file, e);
    }
  }

  @Override
  public ImmutableList<String> tags() {
    return index().names();
  }

  @Override
  public Optional<byte[]> manifest(String reference) {
    try {
      Optional<Blob> manifest = index().find(reference);
      if (manifest.isEmpty() && Blobs.isDigest(reference)) {
        return files.content(files.path(Sha256.parse(reference)));
      }
      return manifest.isEmpty()
          ? Optional.empty()
          : Optional.of(BlobInput.readAll(this, manifest.get()));
    } catch (FormatException e) {
      throw new InvalidImageException(
          files.root() + ": manifest " + reference + ": " + e.reason(), e);
    }
  }

  @Override
  public void putManifest(String reference, String mediaType, byte[] manifest) {
    throwIfInterrupted();
    lockForWriting();
    Blob blob = Blob.of(manifest);
    files.write(files.path(blob.digest()), manifest);
    // A power cut after the new index must not find a blob without its name.
    files.syncBlobs();
    files.write(files.path(LayoutIndex.FILE), index().with(reference, mediaType, manifest).bytes());
    files.syncRoot();
  }

  /** Stores the manifest as a blob: the layout's index has only what has a name. */
  @Override
  public void putPart(String mediaType, byte[] manifest) {
    throwIfInterrupted();
    lockForWriting();
    files.write(files.path(Blob.of(manifest).digest()), manifest);
  }

  @Override
  public void close() {
    lock.ifPresent(LayoutLock::close);
    lock = Optional.empty();
  }

  private LayoutIndex index() {
    Optional<byte[]> marker = files.content(files.path(LayoutIndex.MARKER));
    if (marker.isEmpty()) {
      throw files.isNew()
          ? new NotFoundException(files.root() + ": there is no OCI image layout")
          : new InvalidImageException(files.root() + ": it is no OCI image layout");
    }
    String name = LayoutIndex.MARKER;
    try {
      LayoutIndex.checkMarker(marker.get());
      name = LayoutIndex.FILE;
      Optional<byte[]> index = files.content(files.path(LayoutIndex.FILE));
      // A writer that was killed before its first index leaves none.
      return index.isEmpty() ? LayoutIndex.empty() : LayoutIndex.read(index.get());
    } catch (FormatException e) {
      throw new InvalidImageException(files.path(name) + ": " + e.reason(), e);
    }
  }

  private synchronized void lockForWriting() {
    if (lock.isPresent()) {
      return;
    }
    boolean unused = isLayout();
    files.createRoot();
    lock = Optional.of(LayoutLock.acquire(files));
    if (!isLayout()) {
      files.write(files.path(LayoutIndex.MARKER), LayoutIndex.marker());
    }
    index(); // Refuses a layout of another version before anything else changes.
    files.createDirectories();
    files.deleteTemporaries();
  }

  private void throwIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException(
          files.root() + ": the writing of the layout was interrupted");
    }
  }
}
