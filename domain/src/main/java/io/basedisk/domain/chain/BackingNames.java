package io.basedisk.domain.chain;

import io.basedisk.domain.error.InvalidImageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Resolves the backing names in the headers of images as QEMU does: a relative name is relative to
 * the directory of the path that opened the image.
 */
public final class BackingNames {

  /** A name that starts with a protocol. As in QEMU, a colon before any slash decides. */
  private static final Pattern PROTOCOL = Pattern.compile("[^/]*:.*", Pattern.DOTALL);

  private static final String FILE_PROTOCOL = "file:";

  private BackingNames() {}

  /**
   * Resolves a backing name against the path that opened its image. The result may contain {@code
   * ..} after a symbolic link. It is not normalized, because it would then name another file than
   * QEMU opens.
   *
   * @param namedPath absolute path that opened the image
   * @param backingName the backing name in the image's header
   * @return the path of the backing file
   * @throws InvalidImageException if the name is not the plain path of a file
   */
  public static Path resolve(Path namedPath, String backingName) {
    boolean marked = backingName.startsWith(FILE_PROTOCOL);
    String name = marked ? backingName.substring(FILE_PROTOCOL.length()) : backingName;
    if (PROTOCOL.matcher(name).matches()) {
      throw new InvalidImageException(
          namedPath + ": its backing file \"" + name + "\" is not a plain file path");
    }
    if (marked && !name.startsWith("/")) {
      throw new InvalidImageException(
          namedPath
              + ": its backing file \""
              + backingName
              + "\" depends on the directory that a program is started in");
    }
    try {
      return namedPath.resolveSibling(name);
    } catch (InvalidPathException e) {
      throw new InvalidImageException(namedPath + ": its backing file name is not a path", e);
    }
  }
}
