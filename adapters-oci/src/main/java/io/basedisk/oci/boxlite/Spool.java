package io.basedisk.oci.boxlite;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.PrivateDirectory;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.stream.ContentSink;
import io.basedisk.oci.stream.SpoolFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The disk and the layers of an archive, in files of a private directory. */
final class Spool {

  private final PrivateDirectory directory;
  private final String name;
  private final long maxBytes;
  private final Map<Sha256, SpooledLayer> layers = new HashMap<>();
  private @Nullable SpooledDisk disk;
  private long bytes;

  /**
   * @param directory the directory
   * @param name name of the archive for messages
   * @param maxBytes limit of the files' length together
   */
  Spool(PrivateDirectory directory, String name, long maxBytes) {
    this.directory = directory;
    this.name = name;
    this.maxBytes = maxBytes;
  }

  /**
   * The disk of an archive.
   *
   * @param file the file
   * @param digest digest of its content
   */
  record SpooledDisk(Path file, Sha256 digest) {}

  /** Gives content to a sink. */
  interface Content {
    void copy(ContentSink sink) throws FormatException;
  }

  void takeDisk(long length, Content content) throws FormatException {
    if (disk != null) {
      throw new FormatException("it occurs twice");
    }
    reserve(length);
    Path path = directory.resolve("disk.qcow2");
    try (SpoolFile file = SpoolFile.create(path)) {
      content.copy(file);
      disk = new SpooledDisk(path, file.complete());
    }
  }

  /** Takes a layer whose length is known. */
  void takeLayer(String hex, long length, Content content) throws FormatException {
    reserve(length);
    spool(digest(hex), content);
  }

  /** Takes a layer that is compressed on its own. */
  void takeLayer(Sha256 digest, ContentInput content) throws FormatException {
    if (!layers.containsKey(digest)) {
      spool(digest, content::copyRest);
      reserve(content.position());
    }
  }

  private void spool(Sha256 digest, Content content) throws FormatException {
    if (layers.containsKey(digest)) {
      throw new FormatException("it occurs twice");
    }
    try (LayerSpool file =
        new LayerSpool(directory.resolve(digest.hex()), Chunk.MAX_CONTENT_BYTES)) {
      content.copy(file);
      SpooledLayer layer = file.complete();
      if (layer.bytes() == 0) {
        throw new FormatException("it is empty");
      }
      if (!layer.digest().equals(digest)) {
        throw new FormatException("its digest is " + layer.digest());
      }
      layers.put(digest, layer);
    }
  }

  private void reserve(long length) {
    if (length > maxBytes - bytes) {
      // A hostile length may be beyond what a number can say.
      long needed = bytes + Math.min(length, Long.MAX_VALUE - bytes);
      throw new RefusedException(
          name + ": its disk has " + needed + " bytes, more than the limit of " + maxBytes,
          new Remedy.RaiseLimit(needed));
    }
    bytes += length;
  }

  private static Sha256 digest(String hex) throws FormatException {
    try {
      return new Sha256(hex);
    } catch (InvalidArgumentException e) {
      throw new FormatException("\"" + Quoted.of(hex) + "\" is no SHA-256", e);
    }
  }

  /** {@return the number of bytes that are still allowed} */
  long left() {
    return maxBytes - bytes;
  }

  Optional<SpooledDisk> disk() {
    return Optional.ofNullable(disk);
  }

  Optional<SpooledLayer> layer(Sha256 digest) {
    return Optional.ofNullable(layers.get(digest));
  }

  int layerCount() {
    return layers.size();
  }
}
