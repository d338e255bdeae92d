package io.basedisk.filesystem;

import com.google.common.collect.ImmutableList;
import io.basedisk.filesystem.FileTree.Attribute;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A raw image with an ext4 file system, by the tools of e2fsprogs: nothing is mounted. */
record Ext4(Path image) {

  private static final Pattern INODE = Pattern.compile("^Inode: (\\d+)", Pattern.MULTILINE);

  /** Skips the test if the tools are not installed. */
  static void assumeInstalled() {
    Tool.assumeInstalled("mke2fs", "debugfs", "e2fsck");
  }

  /** Makes an image, and fills it from a directory. */
  static Ext4 make(Path image, Path directory, int blockSize, String size) {
    Tool.run("mke2fs", "-q", "-t", "ext4", "-b", blockSize, "-d", directory, image, size);
    return new Ext4(image);
  }

  /** Fails unless the file system is clean and undamaged. */
  void check() {
    Tool.run("e2fsck", "-f", "-n", image);
  }

  /** Changes the file system, as its guest would. */
  void change(List<String> commands) throws IOException {
    Path script = Files.write(image.resolveSibling("commands"), commands);
    Tool.run("debugfs", "-w", "-f", script, image);
  }

  /** Copies the file system to a directory, without its attributes and hard links. */
  void dump(Path directory) throws IOException {
    Files.createDirectory(directory);
    Tool.run("debugfs", "-R", "rdump / \"" + directory + '"', image);
  }

  /** Returns the inode numbers of paths. */
  ImmutableList<String> inodes(List<String> paths) throws IOException {
    Path script =
        Files.write(
            image.resolveSibling("commands"),
            paths.stream().map(path -> "stat \"/" + path + '"').toList());
    return INODE
        .matcher(Tool.run("debugfs", "-f", script, image))
        .results()
        .map(MatchResult::group)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the value of an attribute in this file system. */
  ByteBuffer read(Attribute attribute) throws IOException {
    Path value = image.resolveSibling("value");
    Files.deleteIfExists(value);
    String request =
        "ea_get -f \"%s\" \"/%s\" user.%s".formatted(value, attribute.path(), attribute.name());
    Tool.run("debugfs", "-R", request, image);
    return ByteBuffer.wrap(Files.readAllBytes(value));
  }
}
