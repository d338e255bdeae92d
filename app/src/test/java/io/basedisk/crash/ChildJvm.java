package io.basedisk.crash;

import com.google.common.base.Splitter;
import com.google.common.base.VerifyException;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The command that starts a JVM for {@link RandomOperations}. The start must be fast, since each
 * kill needs a new JVM. So the work that each JVM would do again, such as unpacking and verifying,
 * is done once for all.
 *
 * <p>Native libraries are unpacked in a shared directory, so that a killed process leaves no copy
 * behind. Classes come from an archive that a first JVM created at its exit. Such an archive needs
 * a class path of jars only.
 */
final class ChildJvm {

  private final Path directory;
  private final Path archive;
  private final ImmutableList<String> command;

  private ChildJvm(Path directory) throws IOException {
    this.directory = directory;
    this.archive = directory.resolve("classes.jsa");
    Path libraries = Files.createDirectory(directory.resolve("libraries"));
    unpackLibraries(libraries);
    this.command =
        ImmutableList.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx128m",
            // Standard output is for messages to the parent.
            "-Xlog:disable",
            "-Xlog:all=warning:stderr",
            "-Djava.io.tmpdir=" + directory,
            "-Dorg.sqlite.lib.path=" + libraries,
            "-Djna.boot.library.path=" + libraries,
            "-cp",
            classPath());
  }

  /** Prepares a JVM in an empty directory. */
  static ChildJvm prepare(Path directory) {
    try {
      ChildJvm jvm = new ChildJvm(directory);
      jvm.archiveClasses();
      return jvm;
    } catch (IOException | InterruptedException e) {
      throw new VerifyException(e);
    }
  }

  /** Returns how to start {@link RandomOperations} with these arguments. */
  ProcessBuilder run(String... arguments) {
    return run("-XX:SharedArchiveFile=" + archive, ImmutableList.copyOf(arguments));
  }

  /** Returns a scratch directory for all children. */
  Path scratch() {
    return directory.resolve("scratch");
  }

  private ProcessBuilder run(String option, ImmutableList<String> arguments) {
    return new ProcessBuilder(
        ImmutableList.<String>builder()
            .add(command.get(0), option)
            .addAll(command.subList(1, command.size()))
            .add(RandomOperations.class.getName(), scratch().toString())
            .addAll(arguments)
            .build());
  }

  /**
   * Lets a child load its classes and end. Without an archive, the other children start more
   * slowly.
   */
  private void archiveClasses() throws IOException, InterruptedException {
    Path output = directory.resolve("archive.log");
    Process process =
        run("-XX:ArchiveClassesAtExit=" + archive, ImmutableList.of())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    if (process.waitFor() != 0) {
      throw new VerifyException("the first child failed: " + Files.readString(output));
    }
  }

  private static void unpackLibraries(Path target) throws IOException {
    String sqlite = LibraryLoaderUtil.getNativeLibName();
    unpack(
        SQLiteJDBCLoader.class,
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + sqlite,
        target.resolve(sqlite));
    String jna = System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib");
    unpack(
        Native.class, "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + jna, target.resolve(jna));
  }

  private static void unpack(Class<?> owner, String resource, Path file) throws IOException {
    Files.write(file, Resources.toByteArray(Resources.getResource(owner, resource)));
  }

  private String classPath() {
    return Splitter.on(File.pathSeparatorChar)
        .omitEmptyStrings()
        .splitToStream(System.getProperty("java.class.path"))
        .map(Path::of)
        .filter(Files::exists)
        .map(entry -> Files.isDirectory(entry) ? jarOf(entry) : entry)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Path jarOf(Path classes) {
    Path jar = directory.resolve(Integer.toHexString(classes.hashCode()) + ".jar");
    PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
    int result =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(silent, silent, "--create", "--file=" + jar, "-C", classes.toString(), ".");
    if (result != 0) {
      throw new VerifyException("no jar could be made of " + classes);
    }
    return jar;
  }
}
