package io.basedisk.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.base.Verify;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Homes of an earlier version after kills, one for each step of each operation that left work for
 * the recovery: the files of {@code landed-homes.zip}.
 *
 * <p>Each entry {@code homes/<operation>-<step>} lists the files of one home, whose bytes are in
 * entries {@code blobs/<digest>}: most files are the same in all homes. The line of a file has the
 * mode in octal, the modification time, the device and inode (two lines with the same ones are hard
 * links), the digest and the path. The blob of a database has the pages that differ from {@code
 * blobs/database}, each after its offset. The extraction of a home corrects what a copy can't keep:
 * the path of the home in the database and in image headers, and the inodes that intents claim.
 */
final class LandedHome {

  private static final String ARCHIVE = "landed-homes.zip";
  private static final String HOMES = "homes/";
  private static final String BLOBS = "blobs/";
  private static final String DATABASE = BLOBS + "database";
  private static final int PAGE = 4096;

  /** The columns with paths, in schema version 4. */
  private static final ImmutableList<String> PATHS =
      ImmutableList.of(
          "bases.base_path",
          "deleting_bases.base_path",
          "boxes.disks_dir",
          "intents.planned_path",
          "intent_boxes.disks_dir",
          "intent_disks.path",
          "intent_files.path");

  private static final int MAGIC = 0x514649fb;
  private static final int NAME_OFFSET = 8;
  private static final int NAME_SIZE = 16;

  private final Path root;
  private final Map<String, Path> files = new HashMap<>();
  private String recordedRoot = "";

  private LandedHome(Path root) {
    this.root = root;
  }

  /** Returns the names of all homes. */
  static ImmutableList<String> names() {
    return archive().keySet().stream()
        .filter(entry -> entry.startsWith(HOMES))
        .map(entry -> entry.substring(HOMES.length()))
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  /** Extracts a home into an empty directory, and returns where it is. */
  static Path extract(String name, Path root) throws IOException, SQLException {
    ImmutableMap<String, byte[]> archive = archive();
    List<String> lines =
        Splitter.on('\n')
            .omitEmptyStrings()
            .splitToList(new String(archive.get(HOMES + name), UTF_8));
    LandedHome home = new LandedHome(root);
    Map<Path, Integer> directoryModes = new LinkedHashMap<>();
    for (String line : lines) {
      List<String> fields = Splitter.on(' ').splitToList(line);
      switch (fields.get(0)) {
        case "root" -> home.recordedRoot = fields.get(1);
        case "d" -> {
          Path directory = Files.createDirectory(root.resolve(fields.get(2)));
          directoryModes.put(directory, Integer.parseInt(fields.get(1), 8));
        }
        case "p" ->
            home.extractFile(
                fields, patched(archive.get(DATABASE), archive.get(BLOBS + fields.get(4))));
        default -> home.extractFile(fields, archive.get(BLOBS + fields.get(4)));
      }
    }
    home.rewriteDatabase();
    for (Map.Entry<Path, Integer> directory : directoryModes.entrySet()) {
      Files.setPosixFilePermissions(directory.getKey(), permissions(directory.getValue()));
    }
    return root.resolve("home");
  }

  /** Returns a database from the pages in which it differs from another one. */
  private static byte[] patched(byte[] other, byte[] differences) {
    ByteBuffer pages = ByteBuffer.wrap(differences);
    byte[] database = Arrays.copyOf(other, pages.getInt());
    while (pages.hasRemaining()) {
      pages.get(database, pages.getInt(), PAGE);
    }
    return database;
  }

  private void extractFile(List<String> fields, byte[] bytes) throws IOException {
    Path file = root.resolve(fields.get(5));
    Path other = files.putIfAbsent(fields.get(3), file);
    if (other != null) {
      Files.createLink(file, other);
      return;
    }
    Files.write(file, withBackingNameHere(bytes));
    List<String> time = Splitter.on('.').splitToList(fields.get(2));
    Files.setLastModifiedTime(
        file,
        FileTime.from(
            Instant.ofEpochSecond(Long.parseLong(time.get(0)), Long.parseLong(time.get(1)))));
    Files.setPosixFilePermissions(file, permissions(Integer.parseInt(fields.get(1), 8)));
  }

  /** Gives an image the backing name that its header would have if the home had been here. */
  private byte[] withBackingNameHere(byte[] bytes) {
    ByteBuffer image = ByteBuffer.wrap(bytes.clone());
    if (bytes.length < NAME_SIZE + Integer.BYTES || image.getInt(0) != MAGIC) {
      return bytes;
    }
    int offset = Math.toIntExact(image.getLong(NAME_OFFSET));
    int size = image.getInt(NAME_SIZE);
    String name = new String(bytes, offset, size, UTF_8);
    if (size == 0 || !name.startsWith(recordedRoot + "/")) {
      return bytes;
    }
    byte[] here = (root + name.substring(recordedRoot.length())).getBytes(UTF_8);
    for (int i = size; i < here.length; i++) {
      Verify.verify(bytes[offset + i] == 0, "what follows the backing name is in use");
    }
    image.put(offset, new byte[size]).put(offset, here).putInt(NAME_SIZE, here.length);
    return image.array();
  }

  private void rewriteDatabase() throws IOException, SQLException {
    Path file = OpenHome.database(root.resolve("home"));
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      for (String column : PATHS) {
        List<String> names = Splitter.on('.').splitToList(column);
        update(
            database,
            "UPDATE %1$s SET %2$s = ? || substr(%2$s, ?) WHERE substr(%2$s, 1, ?) = ?"
                .formatted(names.get(0), names.get(1)),
            root.toString(),
            recordedRoot.length() + 1,
            recordedRoot.length() + 1,
            recordedRoot + "/");
      }
      for (Map.Entry<String, Path> entry : files.entrySet()) {
        List<String> was = Splitter.on(':').splitToList(entry.getKey());
        Map<String, Object> is =
            Files.readAttributes(entry.getValue(), "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
        update(
            database,
            "UPDATE intent_disks SET device = ?, inode = ? WHERE device = ? AND inode = ?",
            is.get("dev"),
            is.get("ino"),
            Long.parseLong(was.get(0)),
            Long.parseLong(was.get(1)));
      }
    }
  }

  private static void update(Connection database, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = database.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }

  private static ImmutableMap<String, byte[]> archive() {
    ImmutableMap.Builder<String, byte[]> entries = ImmutableMap.builder();
    try (InputStream resource = LandedHome.class.getResourceAsStream(ARCHIVE);
        ZipInputStream zip = new ZipInputStream(Verify.verifyNotNull(resource))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new AssertionError(ARCHIVE, e);
    }
    return entries.buildOrThrow();
  }
}
