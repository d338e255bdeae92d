package io.basedisk.oci.archive;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.layout.LayoutIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes a layout with one manifest to a tar archive: first {@code oci-layout}, then the blobs in
 * the order of the calls, last the index. The same calls give the same bytes: owner, group and time
 * of each member are 0.
 *
 * <p>Only {@link #putManifest} completes the archive. Nothing can be read from it: it never {@link
 * #has} a blob but those that it wrote itself.
 */
public final class ArchiveWriter implements Blobs {

  /** Where a layout has its blobs. */
  static final String BLOBS = "blobs/sha256/";

  private static final int STEP = 1 << 20;

  private final ArchiveTarget target;
  private final TarArchiveOutputStream tar;
  private final Set<Sha256> written = new HashSet<>();
  private boolean started;

  private ArchiveWriter(ArchiveTarget target) {
    this.target = target;
    this.tar = new TarArchiveOutputStream(target.stream());
  }

  /**
   * {@return a writer to a new file} The file appears whole, when the manifest is put.
   *
   * @param file its path
   * @throws AlreadyExistsException if it exists
   */
  public static ArchiveWriter create(Path file) {
    return new ArchiveWriter(ArchiveTarget.of(file));
  }

  /**
   * {@return a writer to a pipe}
   *
   * @param pipe takes the bytes; it is flushed, not closed
   * @param name the name of the pipe for messages
   */
  public static ArchiveWriter to(OutputStream pipe, String name) {
    return new ArchiveWriter(ArchiveTarget.of(pipe, name));
  }

  @Override
  public synchronized boolean has(Blob blob) {
    return written.contains(blob.digest());
  }

  @Override
  public synchronized void write(Blob blob, Path file, Progress progress) {
    if (!written.add(blob.digest())) {
      return;
    }
    try (InputStream content = Files.newInputStream(file)) {
      start();
      add(blobName(blob), content, blob.bytes(), progress);
    } catch (IOException e) {
      throw target.failure(e);
    }
  }

  @Override
  public InputStream read(Blob blob, long from) {
    throw new NotFoundException(target.name() + ": the archive is not complete");
  }

  @Override
  public ImmutableList<String> tags() {
    return ImmutableList.of();
  }

  @Override
  public Optional<byte[]> manifest(String reference) {
    return Optional.empty();
  }

  @Override
  public synchronized void putManifest(String reference, String mediaType, byte[] manifest) {
    try {
      start();
      Blob blob = Blob.of(manifest);
      add(blobName(blob), manifest);
      add(LayoutIndex.FILE, LayoutIndex.empty().with(reference, mediaType, manifest).bytes());
      tar.finish();
      tar.flush();
      target.complete();
    } catch (IOException e) {
      throw target.failure(e);
    }
  }

  @Override
  public void close() {
    target.close();
  }

  private void start() throws IOException {
    if (!started) {
      started = true;
      add(LayoutIndex.MARKER, LayoutIndex.marker());
    }
  }

  private void add(String name, byte[] content) throws IOException {
    add(name, new ByteArrayInputStream(content), content.length, Progress.NONE);
  }

  private void add(String name, InputStream content, long bytes, Progress progress)
      throws IOException {
    TarArchiveEntry member = new TarArchiveEntry(name);
    member.setSize(bytes);
    member.setMode(0_100644);
    member.setModTime(0);
    tar.putArchiveEntry(member);
    byte[] part = new byte[STEP];
    long done = 0;
    for (int count = content.read(part); count > 0; count = content.read(part)) {
      throwIfInterrupted();
      tar.write(part, 0, count);
      done += count;
      progress.at(done, bytes);
    }
    tar.closeArchiveEntry();
  }

  private static String blobName(Blob blob) {
    return BLOBS + blob.digest().hex();
  }

  private void throwIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedOperationException(
          "the writing of " + target.name() + " was interrupted");
    }
  }
}
