package io.basedisk.cli.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** A clone with the launcher, and a program of one class that prints a word. */
final class LaunchedClone {

  private static final Path LAUNCHER = Path.of("cli/src/launcher");

  /** What a JVM that looks at the size and the time of a jar can't tell from another build. */
  private static final FileTime TIME_OF_JAR = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private final Path directory;
  private final Path repository;
  private final Path root;

  private int starts;

  /** The outcome of a start. */
  record Outcome(int code, String output, String errors) {}

  /** A start that has not ended yet, and the file with its standard error so far. */
  record Start(Process process, Path errors) {

    Outcome outcome() throws IOException, InterruptedException {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Outcome(process.waitFor(), output, Files.readString(errors));
    }
  }

  LaunchedClone(Path directory) throws IOException {
    this.directory = directory;
    repository = Path.of("").toRealPath().getParent();
    root = Files.createDirectory(directory.resolve("clone"));
    copyFromRepository(Path.of("basedisk"));
    for (String script : ImmutableList.of("start.sh", "build.sh", "archive.sh")) {
      copyFromRepository(LAUNCHER.resolve(script));
    }
  }

  private void copyFromRepository(Path file) throws IOException {
    Path copy = root.resolve(file);
    MoreFiles.createParentDirectories(copy);
    Files.copy(repository.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
  }

  Path root() {
    return root;
  }

  /** The directory that the build writes to. */
  Path built() {
    return root.resolve("cli/target/run");
  }

  /** Writes a jar and its identity as the build does, and the stamp of the launcher's build. */
  void build(String word) throws Exception {
    Files.createDirectories(built().resolve("lib"));
    Path jar = built().resolve("basedisk.jar");
    writeJar(jar, compile(word));
    Files.setLastModifiedTime(jar, TIME_OF_JAR);
    Path identity = built().resolve("launcher/identity");
    Outcome outcome =
        begin(
                java().toString(),
                "-classpath",
                jarOf(Hashing.class).toString(),
                repository.resolve(LAUNCHER).resolve("build/WriteIdentity.java").toString(),
                identity.toString(),
                jar.toString(),
                jar.resolveSibling("lib").toString())
            .outcome();
    assertEquals(0, outcome.code(), outcome::toString);
    Files.writeString(identity.resolveSibling("built"), "");
  }

  private Path compile(String word) throws IOException {
    Path sources = Files.createDirectories(directory.resolve(word));
    Path classes = Files.createDirectories(directory.resolve(word + "-classes"));
    Path main = sources.resolve("Main.java");
    Files.writeString(
        main,
        "package io.basedisk.cli;"
            + "public final class Main {"
            + "  public static void main(String[] args) {"
            + "    System.out.println(\""
            + word
            + "\");"
            + "  }"
            + "}");
    Path rehearsal = sources.resolve("Rehearsal.java");
    Files.writeString(
        rehearsal,
        "package io.basedisk.cli.launcher;"
            + "final class Rehearsal {"
            + "  public static void main(String[] args) {"
            + "    io.basedisk.cli.Main.main(args);"
            + "  }"
            + "}");
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), main.toString(), rehearsal.toString());
    assertEquals(0, code);
    return classes;
  }

  /** Writes a jar whose size depends on the sizes of the classes alone. */
  private static void writeJar(Path jar, Path classes) throws IOException {
    Path whole = jar.resolveSibling("basedisk.jar.new");
    try (OutputStream out = Files.newOutputStream(whole);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      entries.setLevel(0);
      entries.putNextEntry(entry("META-INF/MANIFEST.MF"));
      entries.write("Manifest-Version: 1.0\nMain-Class: io.basedisk.cli.Main\n".getBytes(UTF_8));
      for (String name :
          ImmutableList.of("io/basedisk/cli/Main", "io/basedisk/cli/launcher/Rehearsal")) {
        entries.putNextEntry(entry(name + ".class"));
        Files.copy(classes.resolve(name + ".class"), entries);
      }
    }
    Files.move(whole, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(TIME_OF_JAR.toMillis());
    return entry;
  }

  /** Runs a command, which has to succeed. */
  Outcome start() throws IOException, InterruptedException {
    Outcome outcome = begin().outcome();
    assertEquals(0, outcome.code(), outcome::toString);
    return outcome;
  }

  /** Begins a start. Programs in the directory {@code bin} beside the clone hide others. */
  Start begin() throws IOException {
    return begin(root.resolve("basedisk").toString(), "anything");
  }

  private Start begin(String... command) throws IOException {
    Path errors = directory.resolve("errors-" + starts++);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .merge(
            "PATH",
            directory.resolve("bin").toString(),
            (path, bin) -> bin + File.pathSeparator + path);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Start(process, errors);
  }

  Path onlyArchive() throws IOException {
    ImmutableList<Path> archives = archives();
    assertEquals(1, archives.size(), archives::toString);
    return archives.get(0);
  }

  ImmutableList<Path> archives() throws IOException {
    Path classes = built().resolve("launcher/classes");
    if (!Files.exists(classes)) {
      return ImmutableList.of();
    }
    try (Stream<Path> files = Files.walk(classes)) {
      return files.filter(Files::isRegularFile).collect(ImmutableList.toImmutableList());
    }
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static Path jarOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
