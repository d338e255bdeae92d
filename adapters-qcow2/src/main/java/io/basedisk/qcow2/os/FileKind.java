package io.basedisk.qcow2.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Names for files that are not regular files, for messages. */
public final class FileKind {

  private static final int TYPE_BITS = 0170000;
  private static final int BLOCK_DEVICE = 0060000;

  private FileKind() {}

  /**
   * {@return the kind of file that a path leads to, links followed: {@code a pipe}, {@code a
   * directory}}
   *
   * @param path the path to describe
   */
  public static String of(Path path) {
    int type;
    try {
      type = typeOf(path);
    } catch (IOException e) {
      return "something that can't be looked at";
    }
    return switch (type) {
      case 0010000 -> "a pipe";
      case 0020000 -> "a character device";
      case 0040000 -> "a directory";
      case BLOCK_DEVICE -> "a block device";
      case 0100000 -> "a file that has no name any more";
      case 0140000 -> "a socket";
      default -> "something else";
    };
  }

  /**
   * {@return whether a path leads to a block device, links followed} False if it can't be looked
   * at.
   *
   * @param path the path to look at
   */
  public static boolean isBlockDevice(Path path) {
    try {
      return typeOf(path) == BLOCK_DEVICE;
    } catch (IOException e) {
      return false;
    }
  }

  private static int typeOf(Path path) throws IOException {
    // The unix view is not documented, but every JDK on Unix has it.
    return ((Integer) Files.getAttribute(path, "unix:mode")) & TYPE_BITS;
  }

  /**
   * Describes a broken symbolic link: {@code a symbolic link to /a/b, where nothing is}. Empty for
   * every other path.
   *
   * @param path the path to describe
   * @return the description; empty if the path is not a broken symbolic link
   */
  public static Optional<String> brokenLink(Path path) {
    if (!Files.isSymbolicLink(path)) {
      return Optional.empty();
    }
    try {
      Path unused = path.toRealPath();
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Files.exists(path) ? Optional.empty() : Optional.of(linkToNothing(path));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String linkToNothing(Path link) {
    try {
      return "a symbolic link to " + Files.readSymbolicLink(link) + ", where nothing is";
    } catch (IOException e) {
      return "a broken symbolic link";
    }
  }
}
