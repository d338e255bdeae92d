import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * Copies the program's jar and the jars of its class path without native libraries, and puts the
 * native libraries for Linux on x86-64 beside them.
 *
 * <p>Entries are not compressed: the archive of the package compresses them better, and classes
 * load faster. All have one time, so that the same classes give the same bytes.
 */
public final class PackLibraries {

  private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)");

  /** The libraries that the package needs, by the pattern of their path in a jar. */
  private static final Map<String, Pattern> NEEDED =
      Map.of(
          "libsqlitejdbc.so", Pattern.compile("org/sqlite/native/Linux/x86_64/libsqlitejdbc\\.so"),
          "libjnidispatch.so", Pattern.compile("com/sun/jna/linux-x86-64/libjnidispatch\\.so"),
          "libzstd-jni.so", Pattern.compile("linux/amd64/libzstd-jni-[0-9.-]+\\.so"));

  private final Path nativeLibraries;
  private final long time;
  private final List<String> unpacked = new ArrayList<>();

  private PackLibraries(Path nativeLibraries, long time) {
    this.nativeLibraries = nativeLibraries;
    this.time = time;
  }

  /**
   * Takes the program's jar, the directory for the jars, the directory for native libraries, and
   * the time of all entries in seconds since 1970.
   */
  public static void main(String[] args) throws IOException {
    Path program = Path.of(args[0]);
    Path to = Path.of(args[1]);
    PackLibraries libraries =
        new PackLibraries(
            Files.createDirectories(Path.of(args[2])), Long.parseLong(args[3]) * 1000);
    libraries.copy(program, to.resolve("basedisk.jar"));
    for (String name : classPathOf(program)) {
      Path jar = to.resolve(name);
      Files.createDirectories(jar.getParent());
      libraries.copy(program.resolveSibling(name), jar);
    }
    if (libraries.unpacked.size() != NEEDED.size()) {
      throw new IllegalStateException("of " + NEEDED.keySet() + " found " + libraries.unpacked);
    }
  }

  private static List<String> classPathOf(Path program) throws IOException {
    try (JarFile jar = new JarFile(program.toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      return List.of(
          Objects.requireNonNull(manifest.getValue(Attributes.Name.CLASS_PATH)).split(" "));
    }
  }

  private void copy(Path from, Path to) throws IOException {
    try (JarFile in = new JarFile(from.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(to))) {
      Enumeration<JarEntry> entries = in.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        try (InputStream content = in.getInputStream(entry)) {
          if (!NATIVE.matcher(entry.getName()).matches()) {
            add(entry.getName(), content.readAllBytes(), out);
          } else {
            unpack(entry.getName(), content);
          }
        }
      }
    }
  }

  private void add(String name, byte[] content, JarOutputStream out) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry copy = new ZipEntry(name);
    copy.setTime(time);
    copy.setMethod(ZipEntry.STORED);
    copy.setSize(content.length);
    copy.setCrc(checksum.getValue());
    out.putNextEntry(copy);
    out.write(content);
  }

  private void unpack(String name, InputStream content) throws IOException {
    for (Map.Entry<String, Pattern> library : NEEDED.entrySet()) {
      if (library.getValue().matcher(name).matches()) {
        Files.copy(content, nativeLibraries.resolve(library.getKey()));
        unpacked.add(library.getKey());
      }
    }
  }
}
