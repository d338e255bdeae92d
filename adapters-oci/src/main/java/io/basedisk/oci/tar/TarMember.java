package io.basedisk.oci.tar;

/**
 * A member of an archive.
 *
 * @param name its name, which does not lead out of the archive, without a slash at the end; for
 *     messages and comparison, never a path to open
 * @param kind what it is
 * @param bytes length of its content with the holes of a sparse file; 0 unless it is a file
 */
public record TarMember(String name, Kind kind, long bytes) {

  /** What a member is. */
  public enum Kind {
    /** A regular file, perhaps sparse. */
    FILE("a file"),
    /** A directory. */
    DIRECTORY("a directory"),
    /** A symbolic or hard link. */
    LINK("a link"),
    /** A device, a pipe, or something unknown. */
    SPECIAL("a special file");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** {@return the kind in words: {@code a link}} */
    public String words() {
      return words;
    }
  }
}
