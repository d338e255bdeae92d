package io.basedisk.oci.archive;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.BlobInput;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FileFailures;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.layout.LayoutIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A layout in a tar archive, for reading. The archive is a file: a pipe is first copied to a
 * private temporary file.
 */
public final class ArchiveReader implements Blobs {

  private static final int STEP = 1 << 20;

  private final String name;
  private final Path file;
  private final FileChannel channel;
  private final ImmutableMap<String, Members.Member> members;

  private ArchiveReader(
      String name, Path file, FileChannel channel, ImmutableMap<String, Members.Member> members) {
    this.name = name;
    this.file = file;
    this.channel = channel;
    this.members = members;
  }

  /**
   * {@return the layout in an archive}
   *
   * @param file path of the archive
   * @throws NotFoundException if it does not exist
   * @throws InvalidImageException if it is no tar archive, is compressed, or has members other than
   *     directories and plain files
   */
  public static ArchiveReader open(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new InvalidImageException(file + ": it is no regular file");
    }
    try {
      return of(file.toString(), file, FileChannel.open(file, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw new NotFoundException(file + ": no such file", e);
    } catch (IOException e) {
      throw FileFailures.of("cannot open", file, e);
    }
  }

  /**
   * {@return the layout in an archive that comes through a pipe} The archive is copied to a file
   * without a name, so that not even a kill leaves it.
   *
   * @param pipe the archive; it is read to its end, not closed
   * @param name the name of the pipe for messages
   * @param maxBytes limit of the archive's bytes
   * @param directory the directory of the file
   * @throws InvalidImageException as {@link #open}, and if the archive is larger than the limit
   */
  public static ArchiveReader spool(InputStream pipe, String name, long maxBytes, Path directory) {
    try {
      Path temporary = Files.createTempFile(directory, "basedisk-", ".tar");
      FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      try {
        copy(pipe, channel, name, maxBytes);
      } catch (IOException | BaseDiskException e) {
        channel.close();
        throw e;
      }
      return of(name, directory, channel);
    } catch (IOException e) {
      throw FileFailures.of("cannot copy " + name + " to", directory, e);
    }
  }

  private static void copy(InputStream pipe, FileChannel target, String name, long maxBytes)
      throws IOException {
    byte[] part = new byte[STEP];
    long done = 0;
    for (int count = pipe.read(part); count >= 0; count = pipe.read(part)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedOperationException("the reading of " + name + " was interrupted");
      }
      done += count;
      if (done > maxBytes) {
        throw new InvalidImageException(
            name + ": the archive has more than " + maxBytes + " bytes, the limit");
      }
      ByteBuffer bytes = ByteBuffer.wrap(part, 0, count);
      while (bytes.hasRemaining()) {
        target.write(bytes);
      }
    }
  }

  private static ArchiveReader of(String name, Path file, FileChannel channel) throws IOException {
    try {
      return new ArchiveReader(name, file, channel, Members.of(channel));
    } catch (FormatException e) {
      channel.close();
      throw new InvalidImageException(name + ": " + e.reason(), e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public boolean has(Blob blob) {
    Members.Member member = members.get(nameOf(blob.digest()));
    return member != null && member.bytes() == blob.bytes();
  }

  @Override
  public void write(Blob blob, Path source, Progress progress) {
    throw readOnly();
  }

  @Override
  public InputStream read(Blob blob, long from) {
    Members.Member member = members.get(nameOf(blob.digest()));
    if (member == null) {
      throw new NotFoundException(name + ": blob " + blob.digest() + " is missing");
    }
    long start = Math.min(from, member.bytes());
    return new MemberInput(channel, member.start() + start, member.bytes() - start);
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
        return content(nameOf(Sha256.parse(reference)));
      }
      return manifest.isEmpty()
          ? Optional.empty()
          : Optional.of(BlobInput.readAll(this, manifest.get()));
    } catch (FormatException e) {
      throw new InvalidImageException(name + ": manifest " + reference + ": " + e.reason(), e);
    }
  }

  @Override
  public void putManifest(String reference, String mediaType, byte[] manifest) {
    throw readOnly();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileFailures.of("cannot close", file, e);
    }
  }

  private LayoutIndex index() {
    String member = LayoutIndex.MARKER;
    try {
      LayoutIndex.checkMarker(required(member));
      member = LayoutIndex.FILE;
      return LayoutIndex.read(required(member));
    } catch (FormatException e) {
      throw new InvalidImageException(name + ": member \"" + member + "\": " + e.reason(), e);
    }
  }

  private byte[] required(String member) throws FormatException {
    return content(member)
        .orElseThrow(() -> new FormatException("it is missing: this is no archive of a disk"));
  }

  private Optional<byte[]> content(String memberName) throws FormatException {
    Members.Member member = members.get(memberName);
    if (member == null) {
      return Optional.empty();
    }
    if (member.bytes() > MAX_MANIFEST_BYTES) {
      throw new FormatException(
          "it has " + member.bytes() + " bytes, the limit is " + MAX_MANIFEST_BYTES);
    }
    try (InputStream input = new MemberInput(channel, member.start(), member.bytes())) {
      return Optional.of(input.readAllBytes());
    } catch (IOException e) {
      throw FileFailures.of("cannot read", file, e);
    }
  }

  private RefusedException readOnly() {
    return new RefusedException(name + ": an archive can't be changed");
  }

  private static String nameOf(Sha256 digest) {
    return ArchiveWriter.BLOBS + digest.hex();
  }
}
