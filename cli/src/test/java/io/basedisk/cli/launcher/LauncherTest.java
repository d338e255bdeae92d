package io.basedisk.cli.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, on a clone whose program is one class that says a word. */
class LauncherTest {

  private static final Path LAUNCHER = Path.of("cli/src/launcher");
  private static final Path TARGET = Path.of("cli/target");

  /** What a JVM that looks at the size and the time of a jar can't tell from another build. */
  private static final FileTime TIME_OF_JAR = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  @TempDir private Path directory;

  private Path repository;
  private Path clone;

  @BeforeEach
  void makeClone() throws IOException {
    repository = Path.of("").toRealPath().getParent();
    clone = Files.createDirectory(directory.resolve("clone"));
    Files.createDirectories(clone.resolve(LAUNCHER));
    Files.createDirectories(clone.resolve(TARGET).resolve("launcher"));
    Files.createDirectories(clone.resolve(TARGET).resolve("lib"));
    copyToClone(Path.of("basedisk"));
    for (String script : ImmutableList.of("start.sh", "build.sh", "archive.sh")) {
      copyToClone(LAUNCHER.resolve(script));
    }
  }

  @Test
  void a_class_that_a_rebuilt_jar_changed_is_not_run_as_it_was() throws Exception {
    build("old");
    assertEquals("old\n", start());
    Path before = onlyArchive();
    assertTrue(Files.size(before) > 0, "the first start made no archive");

    build("new");

    assertEquals("new\n", start());
    assertNotEquals(before, onlyArchive());
    assertEquals("new\n", start());
  }

  @Test
  void an_archive_outlasts_a_start_that_follows_no_build() throws Exception {
    build("same");
    start();
    FileTime made = Files.getLastModifiedTime(onlyArchive());

    assertEquals("same\n", start());

    assertEquals(made, Files.getLastModifiedTime(onlyArchive()));
  }

  @Test
  void a_start_without_an_archive_runs_the_command() throws Exception {
    build("bare");
    start();
    Files.write(onlyArchive(), new byte[0]);

    assertEquals("bare\n", start());

    assertEquals(0, Files.size(onlyArchive()));
  }

  /** Writes a jar and its identity as the build does, and the stamp of the launcher's build. */
  private void build(String word) throws Exception {
    Path jar = clone.resolve(TARGET).resolve("basedisk.jar");
    writeJar(jar, compile(word));
    Files.setLastModifiedTime(jar, TIME_OF_JAR);
    run(
        java().toString(),
        "-classpath",
        jarOf(Hashing.class).toString(),
        repository.resolve(LAUNCHER).resolve("build/WriteIdentity.java").toString(),
        clone.resolve(TARGET).resolve("launcher/identity").toString(),
        jar.toString(),
        jar.resolveSibling("lib").toString());
    Files.writeString(clone.resolve(TARGET).resolve("launcher/built"), "");
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

  private String start() throws Exception {
    return run(clone.resolve("basedisk").toString(), "anything");
  }

  private String run(String... command) throws Exception {
    Path errors = directory.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> output + readString(errors));
    return output;
  }

  private static String readString(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path onlyArchive() throws IOException {
    try (Stream<Path> files = Files.walk(clone.resolve(TARGET).resolve("launcher/classes"))) {
      ImmutableList<Path> archives =
          files.filter(Files::isRegularFile).collect(ImmutableList.toImmutableList());
      assertEquals(1, archives.size(), archives::toString);
      return archives.get(0);
    }
  }

  private void copyToClone(Path file) throws IOException {
    Path copy = clone.resolve(file);
    MoreFiles.createParentDirectories(copy);
    Files.copy(repository.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static Path jarOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
