package io.basedisk.qcow2.os;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes in the name space {@code user.}, the only one that Java has calls for. Names
 * are without the name space.
 */
final class UserAttributes {

  private UserAttributes() {}

  /** {@return the value of an attribute; empty if the file does not have it, or can't have any} */
  static Optional<byte[]> find(Path file, String name) throws IOException {
    if (!areSupported(file)) {
      return Optional.empty();
    }
    UserDefinedFileAttributeView attributes = view(file);
    if (!attributes.list().contains(name)) {
      return Optional.empty();
    }
    ByteBuffer value = ByteBuffer.allocate(attributes.size(name));
    attributes.read(name, value);
    return Optional.of(value.array());
  }

  /** Sets an attribute; false if the file can't have it, or this process can't set it. */
  static boolean set(Path file, String name, byte[] value) throws IOException {
    if (!areSupported(file)) {
      return false;
    }
    try {
      view(file).write(name, ByteBuffer.wrap(value));
      return true;
    } catch (FileSystemException e) {
      return false; // Java does not give the reason.
    }
  }

  /** Removes all attributes. */
  static void removeAll(Path file) throws IOException {
    if (areSupported(file)) {
      UserDefinedFileAttributeView attributes = view(file);
      for (String name : attributes.list()) {
        attributes.delete(name);
      }
    }
  }

  private static boolean areSupported(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView(UserDefinedFileAttributeView.class);
  }

  private static UserDefinedFileAttributeView view(Path path) throws IOException {
    @Nullable UserDefinedFileAttributeView view =
        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, NOFOLLOW_LINKS);
    if (view == null) {
      throw new FileSystemException(path.toString(), null, "no extended attributes in this JDK");
    }
    return view;
  }
}
