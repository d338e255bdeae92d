package io.basedisk.filesystem;

import static com.google.common.collect.ImmutableListMultimap.toImmutableListMultimap;
import static com.google.common.collect.ImmutableSortedMap.toImmutableSortedMap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.basedisk.qcow2.testing.Disks;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A real directory tree, and the {@code debugfs} commands that bring an older image of it up to
 * date.
 */
final class FileTree {

  /** The directory that every new file system has. */
  private static final String LOST_AND_FOUND = "lost+found";

  private static final int SMALL_FILES = 500;
  private static final int WITH_ATTRIBUTE = 7;

  private final Path root;
  private final List<String> commands = new ArrayList<>();

  private FileTree(Path root) {
    this.root = root;
  }

  /** Creates a tree with many kinds of files. */
  static FileTree fill(Path root, Random random) throws IOException {
    FileTree tree = new FileTree(Files.createDirectory(root));
    tree.makeDirectory("small");
    for (int i = 0; i < SMALL_FILES; i++) {
      tree.write("small/file " + i, Disks.varied(random, random.nextInt(9000)));
    }
    tree.makeDirectory("large");
    tree.write("large/random", Disks.varied(random, 9_000_001));
    tree.write("large/other", Disks.varied(random, 5 << 20));
    tree.writeSparse("large/sparse", random);
    tree.write("empty", new byte[0]);
    tree.write("n".repeat(255), Disks.varied(random, 1));
    tree.write("größer \u65e5\u672c", Disks.varied(random, 5000));
    Files.setPosixFilePermissions(
        root.resolve("empty"), PosixFilePermissions.fromString("r-x-w---x"));
    String deep = "deep";
    tree.makeDirectory(deep);
    for (int i = 0; i < 20; i++) {
      deep += "/" + i;
      tree.makeDirectory(deep);
    }
    tree.write(deep + "/bottom", Disks.varied(random, 70_000));
    tree.link("short", "large/random");
    tree.link("dangling", "n".repeat(200));
    Files.createLink(root.resolve("hard"), root.resolve("large/other"));
    Files.createLink(root.resolve(deep + "/hard"), root.resolve("large/other"));
    tree.setAttribute("large/random", "short", new byte[] {1, 0, 2});
    tree.setAttribute("small/file " + WITH_ATTRIBUTE, "long", Disks.varied(random, 900));
    return tree;
  }

  Path root() {
    return root;
  }

  /** Returns a copy of this tree. */
  FileTree copy(Path to) {
    Tool.run("cp", "-a", root, to);
    return new FileTree(to);
  }

  /** Changes some files of each kind that {@link #fill} created. */
  void change(Random random, String directory) throws IOException {
    for (int i = random.nextInt(3); i < SMALL_FILES; i += 1 + random.nextInt(6)) {
      String file = "small/file " + i;
      if (i == WITH_ATTRIBUTE) {
        continue;
      }
      if (random.nextBoolean()) {
        remove(file);
      } else {
        write(file, Disks.varied(random, random.nextInt(30_000)));
      }
    }
    makeDirectory(directory);
    for (int i = 0; i < 100; i++) {
      write(directory + "/new " + i, Disks.varied(random, random.nextInt(20_000)));
    }
    write(directory + "/large", Disks.varied(random, 3_000_000 + random.nextInt(3_000_000)));
    link(directory + "/up", "../empty");
    write("large/sparse", Disks.varied(random, 1 << 20));
    remove("hard");
    write("hard", Disks.varied(random, 100_000));
  }

  private void write(String path, byte[] content) throws IOException {
    Path file = root.resolve(path);
    if (Files.deleteIfExists(file)) {
      command(path, "rm " + nameIn(path));
    }
    Files.write(file, content);
    command(path, "write \"" + file + "\" " + nameIn(path));
  }

  private void remove(String path) throws IOException {
    if (Files.deleteIfExists(root.resolve(path))) {
      command(path, "rm " + nameIn(path));
    }
  }

  private void makeDirectory(String path) throws IOException {
    Path directory = Files.createDirectory(root.resolve(path));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    command(path, "mkdir " + nameIn(path));
  }

  private void link(String path, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
    command(path, "symlink " + nameIn(path) + " \"" + target + '"');
  }

  private void writeSparse(String path, Random random) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(root.resolve(path).toFile(), "rw")) {
      file.setLength(20_000_000);
      for (int i = 0; i < 8; i++) {
        file.seek(random.nextInt(19_000_000));
        file.write(Disks.varied(random, 100_000));
      }
    }
  }

  /** Sets an attribute of a user, if the temporary directory supports them. */
  private void setAttribute(String path, String name, byte[] value) throws IOException {
    if (Files.getFileStore(root).supportsFileAttributeView(UserDefinedFileAttributeView.class)) {
      attributesOf(root.resolve(path)).write(name, ByteBuffer.wrap(value));
    }
  }

  private void command(String path, String command) {
    int slash = path.lastIndexOf('/');
    commands.add("cd \"/" + (slash < 0 ? "" : path.substring(0, slash)) + '"');
    commands.add(command);
  }

  private static String nameIn(String path) {
    return '"' + path.substring(path.lastIndexOf('/') + 1) + '"';
  }

  /** Returns the {@code debugfs} commands for the changes since the last call. */
  ImmutableList<String> newCommands() {
    ImmutableList<String> result = ImmutableList.copyOf(commands);
    commands.clear();
    return result;
  }

  // Content of a tree.

  /** Returns the files of a directory: for each path, the kind of file and its content. */
  static ImmutableSortedMap<String, String> list(Path root) {
    return paths(root).stream()
        .collect(
            toImmutableSortedMap(
                Comparator.naturalOrder(),
                path -> root.relativize(path).toString(),
                FileTree::describe));
  }

  private static ImmutableList<Path> paths(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(path -> !path.equals(root) && !path.equals(root.resolve(LOST_AND_FOUND)))
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String describe(Path path) {
    try {
      if (Files.isSymbolicLink(path)) {
        return "to " + Files.readSymbolicLink(path);
      }
      String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
      return Files.isDirectory(path)
          ? "directory " + mode
          : Files.size(path)
              + " bytes "
              + mode
              + " "
              + MoreFiles.asByteSource(path).hash(Hashing.sha256());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the relative paths of each file with more than one hard link. */
  ImmutableList<ImmutableList<String>> hardLinks() {
    return paths(root).stream()
        .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
        .collect(toImmutableListMultimap(FileTree::inode, path -> root.relativize(path).toString()))
        .asMap()
        .values()
        .stream()
        .filter(names -> names.size() > 1)
        .map(ImmutableList::copyOf)
        .collect(ImmutableList.toImmutableList());
  }

  private static Object inode(Path path) {
    try {
      return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An extended attribute of a user. */
  record Attribute(String path, String name, ByteBuffer value) {}

  /** Returns the attributes of all files. */
  ImmutableList<Attribute> attributes() throws IOException {
    ImmutableList.Builder<Attribute> attributes = ImmutableList.builder();
    for (Path path : paths(root)) {
      if (!Files.isSymbolicLink(path)) {
        UserDefinedFileAttributeView view = attributesOf(path);
        for (String name : view == null ? List.<String>of() : view.list()) {
          ByteBuffer value = ByteBuffer.allocate(view.size(name));
          view.read(name, value);
          attributes.add(new Attribute(root.relativize(path).toString(), name, value.flip()));
        }
      }
    }
    return attributes.build();
  }

  private static UserDefinedFileAttributeView attributesOf(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }
}
