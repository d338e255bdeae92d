package io.basedisk.oci.layout;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Descriptors;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of a layout, {@code index.json}: the manifests and their tags. Immutable.
 *
 * <p>OCI image specification, "index.json file" and the annotation {@code
 * org.opencontainers.image.ref.name}.
 */
public final class LayoutIndex {

  /** Name of the index's file. */
  public static final String FILE = "index.json";

  /** Name of the file that marks a layout. */
  public static final String MARKER = "oci-layout";

  /** Media type of an index. */
  public static final String MEDIA_TYPE = "application/vnd.oci.image.index.v1+json";

  private static final String VERSION_NAME = "imageLayoutVersion";
  private static final String VERSION = "1.0.0";
  private static final String TAG = "org.opencontainers.image.ref.name";
  private static final String ANNOTATIONS = "annotations";
  private static final String MANIFESTS = "manifests";

  private final Map<String, @Nullable Object> document;
  private final ImmutableList<Entry> entries;

  private LayoutIndex(Map<String, @Nullable Object> document, ImmutableList<Entry> entries) {
    this.document = document;
    this.entries = entries;
  }

  /** A descriptor of the index. */
  private record Entry(Blobs.Blob manifest, Optional<String> tag, JsonObject descriptor) {

    static Entry of(JsonObject descriptor) throws FormatException {
      Optional<JsonObject> annotations = descriptor.findObject(ANNOTATIONS);
      Optional<String> tag =
          annotations.isPresent() ? annotations.get().findString(TAG) : Optional.empty();
      return new Entry(Descriptors.blob(descriptor), tag, descriptor);
    }

    String name() {
      return tag.orElseGet(() -> manifest.digest().toString());
    }

    boolean isNamed(String reference) {
      return tag.isPresent()
          ? tag.get().equals(reference)
          : manifest.digest().toString().equals(reference);
    }
  }

  /** {@return the content of the file that marks a layout} */
  public static byte[] marker() {
    return Json.write(ImmutableMap.of(VERSION_NAME, VERSION));
  }

  /**
   * Checks the content of the file that marks a layout.
   *
   * @param bytes the content
   * @throws FormatException if the layout has another version, or the bytes are no such content
   */
  public static void checkMarker(byte[] bytes) throws FormatException {
    String version = Json.read(bytes).string(VERSION_NAME);
    if (!version.equals(VERSION)) {
      throw new FormatException(
          "unsupported version \"" + Quoted.of(version) + "\" of the layout, expected " + VERSION);
    }
  }

  /** {@return an index without manifests} */
  public static LayoutIndex empty() {
    Map<String, @Nullable Object> document = new TreeMap<>();
    document.put("mediaType", MEDIA_TYPE);
    document.put("schemaVersion", 2L);
    return new LayoutIndex(document, ImmutableList.of());
  }

  /**
   * {@return the index in a file's content}
   *
   * @param bytes the content
   * @throws FormatException if it is no index
   */
  public static LayoutIndex read(byte[] bytes) throws FormatException {
    JsonObject document = Json.read(bytes);
    if (document.number("schemaVersion") != 2) {
      throw document.invalid("schemaVersion", "expected 2");
    }
    List<Entry> entries = new ArrayList<>();
    if (document.has(MANIFESTS)) {
      for (JsonObject descriptor : document.objects(MANIFESTS)) {
        entries.add(Entry.of(descriptor));
      }
    }
    return new LayoutIndex(document.members(), ImmutableList.copyOf(entries));
  }

  /** {@return the tags, and the digest of each manifest without a tag, sorted} */
  public ImmutableList<String> names() {
    return entries.stream()
        .map(Entry::name)
        .distinct()
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return the manifest with a name; empty if there is none}
   *
   * @param name a tag, or the digest of a manifest without a tag
   * @throws FormatException if two manifests have it as their tag
   */
  public Optional<Blobs.Blob> find(String name) throws FormatException {
    List<Blobs.Blob> found =
        entries.stream().filter(e -> e.isNamed(name)).map(Entry::manifest).distinct().toList();
    if (found.size() > 1) {
      throw new FormatException(
          found.size() + " manifests have the name \"" + Quoted.of(name) + "\": use a digest");
    }
    return found.stream().findFirst();
  }

  /**
   * {@return this index with a manifest under a name} The manifest that has the tag now loses its
   * entry; all other entries stay as they are.
   *
   * @param name a tag, or the digest of the manifest
   * @param mediaType the manifest's media type
   * @param manifest the manifest's bytes
   */
  public LayoutIndex with(String name, String mediaType, byte[] manifest) {
    Map<String, @Nullable Object> descriptor =
        new TreeMap<>(Descriptors.members(mediaType, Blobs.Blob.of(manifest)));
    if (!Blobs.isDigest(name)) {
      descriptor.put(ANNOTATIONS, ImmutableMap.of(TAG, name));
    }
    List<@Nullable Object> descriptors = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.isNamed(name)) {
        descriptors.add(entry.descriptor().members());
      }
    }
    descriptors.add(descriptor);
    Map<String, @Nullable Object> changed = new TreeMap<>(document);
    changed.put(MANIFESTS, descriptors);
    try {
      return read(Json.write(changed));
    } catch (FormatException e) {
      throw new InvalidArgumentException(
          "cannot add \"" + Quoted.of(name) + "\": " + e.reason(), e);
    }
  }

  /** {@return the content of the index's file} */
  public byte[] bytes() {
    return Json.write(document);
  }
}
