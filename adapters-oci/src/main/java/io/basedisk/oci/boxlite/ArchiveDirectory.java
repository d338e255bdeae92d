package io.basedisk.oci.boxlite;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.boxlite.BoxliteManifest.LayerEntry;
import io.basedisk.oci.stream.Compression;
import io.basedisk.oci.stream.ContentInput;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An archive of version 6 in a directory: {@code manifest.json}, which is written last, and {@code
 * layers/<digits>.zst}. Its owner is hostile: below it, no symbolic link is followed.
 */
final class ArchiveDirectory {

  private ArchiveDirectory() {}

  static BoxliteManifest read(Path root, Spool spool, Progress progress) throws FormatException {
    BoxliteManifest manifest = BoxliteManifest.read(manifest(root.resolve(BoxliteManifest.FILE)));
    if (manifest.layers().isEmpty()) {
      throw new FormatException("its manifest has no layers: a disk comes in a tar archive");
    }
    Path layers = root.resolve("layers");
    if (!Files.isDirectory(layers, NOFOLLOW_LINKS)) {
      throw new FormatException("\"layers\" is no directory");
    }
    int number = 0;
    for (LayerEntry entry : manifest.layers()) {
      Path file = layers.resolve(entry.digest().hex() + ".zst");
      Progress part = progress.pass(number, manifest.layers().size());
      try (ContentInput content = ContentInput.of(file, spool.left(), part, NOFOLLOW_LINKS)) {
        if (content.compression() != Compression.ZSTD) {
          throw new FormatException("it is not compressed with zstd");
        }
        spool.takeLayer(entry.digest(), content);
      } catch (NotFoundException e) {
        throw new FormatException("layer " + entry.digest() + " is missing", e);
      } catch (FormatException e) {
        throw new FormatException("layer " + entry.digest() + ": " + e.reason(), e);
      }
      number++;
    }
    return manifest;
  }

  private static byte[] manifest(Path file) throws FormatException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ContentInput content =
        ContentInput.of(file, Blobs.MAX_MANIFEST_BYTES, Progress.NONE, NOFOLLOW_LINKS)) {
      content.copyRest((part, length) -> bytes.write(part, 0, length));
    } catch (NotFoundException e) {
      throw new FormatException(
          BoxliteManifest.FILE + " is missing: its export has not ended, or it is none", e);
    } catch (FormatException e) {
      throw new FormatException(BoxliteManifest.FILE + ": " + e.reason(), e);
    }
    return bytes.toByteArray();
  }
}
