import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.sqlite.util.OSInfo;

/**
 * Prepares the libraries so that the program starts fast; the program runs without that too.
 *
 * <p>Class files from before Java 6 get the version of Java 8 and stack maps: the JVM archives
 * neither older class files nor classes that extend them. SQLite's native library is unpacked for
 * the machine that builds; otherwise SQLite's driver unpacks it in each process.
 */
public final class PrepareLibraries {

  private static final int JAVA_6 = Opcodes.V1_6;

  /** A class file begins with its magic number and its version. */
  private static final int BYTES_TO_VERSION = 8;

  private PrepareLibraries() {}

  /** Takes the directory of the jars, and the directory for the native library. */
  public static void main(String[] args) throws IOException {
    Path nativeLibraries = Files.createDirectories(Path.of(args[1]));
    unpack(
        "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS(),
        System.mapLibraryName("sqlitejdbc"),
        nativeLibraries);
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      for (Path jar : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".jar"))::iterator) {
        if (isOld(jar)) {
          upgrade(jar);
        }
      }
    }
  }

  private static void unpack(String folder, String library, Path to) throws IOException {
    try (InputStream in = PrepareLibraries.class.getResourceAsStream(folder + "/" + library)) {
      if (in != null) {
        // Not in place: a process may have it open.
        Path unpacked = to.resolve(library + ".new");
        Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
        Files.move(unpacked, to.resolve(library), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static boolean isOld(Path jar) throws IOException {
    try (JarFile in = new JarFile(jar.toFile())) {
      Enumeration<JarEntry> entries = in.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().endsWith(".class") && versionOf(start(in, entry)) < JAVA_6) {
          return true;
        }
      }
      return false;
    }
  }

  private static int versionOf(byte[] classFile) {
    return (classFile[6] & 0xff) << 8 | classFile[7] & 0xff;
  }

  private static byte[] start(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readNBytes(BYTES_TO_VERSION);
    }
  }

  private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static void upgrade(Path jar) throws IOException {
    Path upgraded = jar.resolveSibling(jar.getFileName() + ".new");
    try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        JarFile in = new JarFile(jar.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(upgraded))) {
      Enumeration<JarEntry> entries = in.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        byte[] bytes = bytes(in, entry);
        boolean isOldClass = entry.getName().endsWith(".class") && versionOf(bytes) < JAVA_6;
        out.write(isOldClass ? upgrade(bytes, classes) : bytes);
      }
    }
    Files.move(upgraded, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] upgrade(byte[] classFile, ClassLoader classes) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected ClassLoader getClassLoader() {
            return classes;
          }
        };
    ClassVisitor asJava8 =
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int version,
              int access,
              String name,
              String signature,
              String superName,
              String[] interfaces) {
            super.visit(Opcodes.V1_8, access, name, signature, superName, interfaces);
          }
        };
    new ClassReader(classFile).accept(asJava8, 0);
    return writer.toByteArray();
  }
}
