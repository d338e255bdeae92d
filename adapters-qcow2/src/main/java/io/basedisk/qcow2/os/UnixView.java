package io.basedisk.qcow2.os;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.basedisk.domain.model.FileIdentity;
import io.basedisk.domain.model.FileStatus;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Status, owner, group and permission bits of a path, by Java's attribute view {@code unix}. The
 * view is not documented, but every JDK on Unix has it. No method follows a symbolic link at the
 * end of the path.
 */
final class UnixView {

  private static final int PERMISSIONS = 07777;

  private UnixView() {}

  /** {@return the status of a path; empty if it does not exist} */
  static Optional<FileStatus> find(Path path) throws IOException {
    Map<String, Object> attributes;
    try {
      attributes = Files.readAttributes(path, "unix:*", NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(status(attributes));
  }

  private static FileStatus status(Map<String, Object> attributes) {
    long length = number(attributes, "size");
    int mode = (int) number(attributes, "mode");
    return new FileStatus(
        new FileIdentity(number(attributes, "dev"), number(attributes, "ino")),
        Statx.typeOf(mode),
        (int) number(attributes, "nlink"),
        length,
        length,
        (int) number(attributes, "uid"),
        (int) number(attributes, "gid"),
        mode & PERMISSIONS,
        ((FileTime) attribute(attributes, "lastModifiedTime")).toInstant(),
        ((FileTime) attribute(attributes, "ctime")).toInstant());
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) attribute(attributes, name)).longValue();
  }

  private static Object attribute(Map<String, Object> attributes, String name) {
    @Nullable Object value = attributes.get(name);
    if (value == null) {
      throw new IllegalStateException("no attribute unix:" + name + " in this JDK");
    }
    return value;
  }

  /** {@return the status of a path that must exist} */
  static FileStatus require(Path path) throws IOException {
    return find(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
  }

  /** {@return the status of a regular file} */
  static FileStatus requireRegular(Path file) throws IOException {
    FileStatus status = require(file);
    if (!status.isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    return status;
  }

  /** {@return the status of a regular file or a directory} */
  static FileStatus requireFileOrDirectory(Path path) throws IOException {
    FileStatus status = require(path);
    if (!status.isRegularFile() && !status.isDirectory()) {
      throw new FileSystemException(path.toString(), null, "neither a file nor a directory");
    }
    return status;
  }

  static void setOwner(Path path, int owner) throws IOException {
    Files.setAttribute(path, "unix:uid", owner, NOFOLLOW_LINKS);
  }

  static void setGroup(Path path, int group) throws IOException {
    Files.setAttribute(path, "unix:gid", group, NOFOLLOW_LINKS);
  }

  static void setMode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode, NOFOLLOW_LINKS);
  }
}
