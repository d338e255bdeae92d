package io.basedisk.qcow2.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The entry point of Jazzer: one process fuzzes one use of images. */
public final class ImageFuzzer {

  private static ImageUse use = ImageUse.OPEN;
  private static @Nullable FuzzDirectory directory;

  private ImageFuzzer() {}

  /**
   * Is called once, before the first input.
   *
   * @param arguments the name of an {@link ImageUse}
   */
  public static void fuzzerInitialize(String[] arguments) throws IOException {
    use = ImageUse.valueOf(arguments[0]);
    FuzzDirectory made = new FuzzDirectory();
    directory = made;
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(made)));
    // The first inputs load and instrument most classes, for seconds: they would seem to hang.
    for (String name : FuzzSeeds.GOLDEN) {
      PackedImage.unpack(FuzzSeeds.golden(name), made.image());
      use.on(made);
    }
  }

  /** Is called for each input; whatever it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    PackedImage.unpack(input, directory.image());
    use.on(directory);
  }

  private static void close(FuzzDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
