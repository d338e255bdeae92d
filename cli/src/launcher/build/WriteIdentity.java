import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the identity of a build: a digest of what its jars contain and of when they were written.
 * The launcher names its archives of classes by it, so that no archive serves other jars.
 *
 * <p>The contents tell two builds apart whose jars have the same sizes and times. The times belong
 * to the identity since a JVM that checks them refuses the archive of the same jar written later.
 */
public final class WriteIdentity {

  private WriteIdentity() {}

  /** Takes the file to write, the program's jar, and the directory of the jars that it needs. */
  public static void main(String[] args) throws IOException {
    Hasher identity = Hashing.sha256().newHasher();
    for (Path jar : jars(Path.of(args[1]), Path.of(args[2]))) {
      identity
          .putString(jar.getFileName().toString(), StandardCharsets.UTF_8)
          .putLong(Files.getLastModifiedTime(jar).toMillis())
          .putBytes(MoreFiles.asByteSource(jar).hash(Hashing.sha256()).asBytes());
    }
    Path file = Path.of(args[0]);
    Files.createDirectories(file.getParent());
    Path whole =
        Files.writeString(file.resolveSibling(file.getFileName() + ".new"), identity.hash() + "\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> jars(Path program, Path libraries) throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.add(program);
    try (Stream<Path> files = Files.list(libraries)) {
      files.filter(file -> file.toString().endsWith(".jar")).forEach(jars::add);
    }
    Collections.sort(jars);
    return jars;
  }
}
