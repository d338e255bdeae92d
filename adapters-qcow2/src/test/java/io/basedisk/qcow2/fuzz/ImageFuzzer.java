package io.basedisk.qcow2.fuzz;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The entry point for Jazzer. One process fuzzes one use of images. */
public final class ImageFuzzer {

  /** Limit of processor time for an input. Elapsed time proves nothing on a busy machine. */
  private static final Duration MAX_PROCESSOR_TIME = Duration.ofSeconds(10);

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static ImageUse use = ImageUse.OPEN;
  private static @Nullable FuzzDirectory directory;

  private ImageFuzzer() {}

  /**
   * Called once, before the first input.
   *
   * @param arguments the name of an {@link ImageUse}
   */
  public static void fuzzerInitialize(String[] arguments) throws IOException {
    use = ImageUse.valueOf(arguments[0]);
    FuzzDirectory made = new FuzzDirectory();
    directory = made;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(made)));
    // The first inputs load and instrument most classes, which takes seconds and would look like a
    // hang.
    for (String name : FuzzSeeds.GOLDEN) {
      PackedImage.unpack(FuzzSeeds.golden(name), made.image());
      use.on(made);
    }
  }

  /** Called for each input. An exception is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    long before = PROCESS.getProcessCpuTime();
    PackedImage.unpack(input, directory.image());
    use.on(directory);
    Duration taken = Duration.ofNanos(PROCESS.getProcessCpuTime() - before);
    if (taken.compareTo(MAX_PROCESSOR_TIME) > 0) {
      throw new AssertionError("hangs: " + taken);
    }
  }

  private static void close(FuzzDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
