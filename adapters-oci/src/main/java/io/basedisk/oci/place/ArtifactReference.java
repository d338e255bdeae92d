package io.basedisk.oci.place;

import io.basedisk.domain.error.InvalidArgumentException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.oci.registry.RegistryReference;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names an artifact in a layout or in a registry. */
public sealed interface ArtifactReference {

  /**
   * {@return the reference in a text} Without a tag and a digest, its tag is {@code latest}.
   *
   * @param text {@code oci:DIR[:tag|@digest]}, or {@code registry/name[:tag|@digest]}. The last
   *     colon of {@code DIR} starts the tag, unless a slash follows it.
   * @throws InvalidArgumentException if the text is no such reference
   */
  static ArtifactReference parse(String text) {
    return text.startsWith(InLayout.SCHEME)
        ? InLayout.parse(text)
        : new InRegistry(RegistryReference.parse(text));
  }

  /**
   * {@return what names the artifact in its place: a tag, or a digest with its algorithm}
   *
   * @see #isPinned
   */
  String name();

  /** {@return whether the reference has a digest instead of a tag} */
  boolean isPinned();

  /**
   * {@return the reference of one version of the artifact, which no later push changes}
   *
   * @param manifest digest of the version's manifest
   */
  ArtifactReference pinnedTo(Sha256 manifest);

  /** {@return the text that {@link #parse} reads} */
  @Override
  String toString();

  /**
   * An artifact in an OCI image layout.
   *
   * @param directory directory of the layout
   * @param name a tag, or a digest with its algorithm
   */
  record InLayout(Path directory, String name) implements ArtifactReference {

    private static final String SCHEME = "oci:";
    private static final Pattern PINNED = Pattern.compile("(.*)@(sha256:[0-9a-f]{64})");

    /**
     * Checks the values.
     *
     * @param directory see {@link #directory}
     * @param name see {@link #name}
     * @throws InvalidArgumentException if the name is neither a tag nor a digest
     */
    public InLayout {
      if (name.indexOf(':') >= 0) {
        name = Sha256.parse(name).toString();
      } else {
        RegistryReference.checkTag(name);
      }
    }

    private static InLayout parse(String text) {
      String place = text.substring(SCHEME.length());
      Matcher pinned = PINNED.matcher(place);
      if (pinned.matches()) {
        return of(text, pinned.group(1), pinned.group(2));
      }
      int colon = place.lastIndexOf(':');
      return colon <= place.lastIndexOf('/')
          ? of(text, place, RegistryReference.DEFAULT_TAG)
          : of(text, place.substring(0, colon), place.substring(colon + 1));
    }

    private static InLayout of(String text, String directory, String name) {
      try {
        if (!directory.isEmpty()) {
          return new InLayout(Path.of(directory), name);
        }
      } catch (InvalidPathException e) {
        throw new InvalidArgumentException(
            "invalid reference \"" + Quoted.of(text) + "\": " + e.getReason(), e);
      }
      throw new InvalidArgumentException(
          "invalid reference \"" + Quoted.of(text) + "\": expected oci:DIR[:tag]");
    }

    @Override
    public boolean isPinned() {
      return name.indexOf(':') >= 0;
    }

    @Override
    public InLayout pinnedTo(Sha256 manifest) {
      return new InLayout(directory, manifest.toString());
    }

    @Override
    public String toString() {
      return SCHEME + directory + (isPinned() ? "@" : ":") + name;
    }
  }

  /**
   * An artifact in a registry.
   *
   * @param reference its repository, and its tag or digest
   */
  record InRegistry(RegistryReference reference) implements ArtifactReference {

    @Override
    public String name() {
      return reference.name();
    }

    @Override
    public boolean isPinned() {
      return reference.pinned().isPresent();
    }

    @Override
    public InRegistry pinnedTo(Sha256 manifest) {
      return new InRegistry(
          new RegistryReference(reference.registry(), reference.repository(), null, manifest));
    }

    @Override
    public String toString() {
      return reference.toString();
    }
  }
}
