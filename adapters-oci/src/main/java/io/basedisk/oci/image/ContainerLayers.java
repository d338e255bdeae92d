package io.basedisk.oci.image;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.Remedy;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.port.Progress;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.blob.PrivateDirectory;
import io.basedisk.oci.image.ImageManifest.ImageLayer;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.stream.SpoolFile;
import io.basedisk.oci.tar.TarHeaders;
import io.basedisk.oci.tar.TarMember;
import io.basedisk.oci.tar.TarStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one file in {@code /disk} of an image's layers: a later layer replaces files of the
 * ones below, and removes those that it names in whiteouts (OCI image specification, "Image Layer
 * Filesystem Changeset"). What lies elsewhere is not looked at.
 */
final class ContainerLayers {

  private static final String DIRECTORY = "disk";
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final int MAX_ENTRIES = 1000;

  /** For the headers of a tar archive, which don't count. */
  private static final long OVERHEAD = 16L << 20;

  private static final Set<String> MEDIA_TYPES =
      Set.of(
          "application/vnd.oci.image.layer.v1.tar",
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.oci.image.layer.v1.tar+zstd",
          "application/vnd.docker.image.rootfs.diff.tar",
          "application/vnd.docker.image.rootfs.diff.tar.gzip");

  private final Blobs blobs;
  private final String name;
  private final PrivateDirectory directory;
  private final long maxBytes;

  /** The entries of {@code /disk}, by name. */
  private final TreeMap<String, Entry> entries = new TreeMap<>();

  private Set<String> inThisLayer = new HashSet<>();
  private int files;
  private long fileBytes;
  private long layerBytes;

  /**
   * @param blobs the place
   * @param name name of the image for messages
   * @param directory takes the files
   * @param maxBytes limit of the files' length together, and of the uncompressed layers
   */
  ContainerLayers(Blobs blobs, String name, PrivateDirectory directory, long maxBytes) {
    this.blobs = blobs;
    this.name = name;
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  /** An entry; its file is null if it is no regular file. */
  private record Entry(TarMember.Kind kind, @Nullable Path file) {}

  /** {@return the file of the disk} */
  Path disk(ImmutableList<ImageLayer> layers, ImmutableList<String> diffIds, Progress progress)
      throws FormatException {
    long total = layers.stream().mapToLong(layer -> layer.blob().bytes()).sum();
    long before = 0;
    for (int i = 0; i < layers.size(); i++) {
      long start = before;
      try {
        apply(layers.get(i), diffIds.get(i), (done, of) -> progress.at(start + done, total));
      } catch (FormatException e) {
        throw new FormatException("layer " + i + ": " + e.reason(), e);
      }
      before += layers.get(i).blob().bytes();
    }
    if (entries.isEmpty()) {
      throw new FormatException("it has no file in /disk: it is no containerDisk");
    }
    if (entries.size() > 1) {
      throw new FormatException(
          "it has "
              + entries.size()
              + " files in /disk, expected one: "
              + entries.keySet().stream()
                  .limit(5)
                  .map(Quoted::of)
                  .collect(Collectors.joining(", ")));
    }
    Entry only = entries.firstEntry().getValue();
    Path file = only.file();
    if (file == null) {
      throw new FormatException(
          "/disk/" + Quoted.of(entries.firstKey()) + " is " + only.kind().words());
    }
    return file;
  }

  private void apply(ImageLayer layer, String diffId, Progress progress) throws FormatException {
    if (!MEDIA_TYPES.contains(layer.mediaType())) {
      throw new FormatException("unsupported media type \"" + Quoted.of(layer.mediaType()) + "\"");
    }
    inThisLayer = new HashSet<>();
    long left = maxBytes - layerBytes;
    long limit = left > Long.MAX_VALUE - OVERHEAD ? left : left + OVERHEAD;
    try (ContentInput content = ContentInput.hashed(blobs, layer.blob(), limit, progress)) {
      TarStream tar = new TarStream(content);
      for (Optional<TarMember> member = tar.next(); member.isPresent(); member = tar.next()) {
        take(tar, member.get());
      }
      layerBytes += Math.min(left, content.position());
      String digest = content.digest().toString();
      if (!digest.equals(diffId)) {
        throw new FormatException(
            "its content has the digest " + digest + ", not " + Quoted.of(diffId));
      }
    }
  }

  private void take(TarStream tar, TarMember member) throws FormatException {
    String path = member.name();
    if (path.equals(DIRECTORY) && member.kind() != TarMember.Kind.DIRECTORY) {
      throw new FormatException("/disk is " + member.kind().words());
    }
    if (path.equals(WHITEOUT + DIRECTORY) || path.equals(OPAQUE)) {
      removeAll();
    } else if (path.startsWith(DIRECTORY + "/")) {
      takeEntry(tar, member, path.substring(DIRECTORY.length() + 1));
    }
  }

  private void takeEntry(TarStream tar, TarMember member, String path) throws FormatException {
    int slash = path.indexOf('/');
    if (slash >= 0) {
      put(path.substring(0, slash), new Entry(TarMember.Kind.DIRECTORY, null));
    } else if (path.equals(OPAQUE)) {
      removeAll();
    } else if (path.startsWith(WHITEOUT)) {
      remove(path.substring(WHITEOUT.length()));
    } else if (!path.isEmpty() && !path.equals(".")) {
      if (member.kind() == TarMember.Kind.FILE && inThisLayer.contains(path)) {
        throw new FormatException(TarHeaders.named(member.name()) + ": it occurs twice");
      }
      put(
          path,
          new Entry(
              member.kind(), member.kind() == TarMember.Kind.FILE ? spool(tar, member) : null));
    }
  }

  private void put(String entry, Entry value) throws FormatException {
    Entry replaced = entries.put(entry, value);
    if (replaced != null && replaced.file() != null) {
      directory.delete(replaced.file());
    }
    inThisLayer.add(entry);
    if (entries.size() > MAX_ENTRIES) {
      throw new FormatException("it has more than " + MAX_ENTRIES + " files in /disk");
    }
  }

  /** A whiteout is about the layers below alone. */
  private void remove(String entry) {
    if (!inThisLayer.contains(entry)) {
      Entry removed = entries.remove(entry);
      if (removed != null && removed.file() != null) {
        directory.delete(removed.file());
      }
    }
  }

  private void removeAll() {
    ImmutableList.copyOf(entries.keySet()).forEach(this::remove);
  }

  private Path spool(TarStream tar, TarMember member) throws FormatException {
    if (member.bytes() > maxBytes - fileBytes) {
      long needed = fileBytes + Math.min(member.bytes(), Long.MAX_VALUE - fileBytes);
      throw new RefusedException(
          name + ": its disk has " + needed + " bytes, more than the limit of " + maxBytes,
          new Remedy.RaiseLimit(needed));
    }
    fileBytes += member.bytes();
    Path path = directory.resolve("disk-" + files++);
    try (SpoolFile file = SpoolFile.create(path)) {
      tar.copy(file);
      file.complete();
    }
    return path;
  }
}
