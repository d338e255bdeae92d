package io.basedisk.qcow2.os;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.model.FileIdentity;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The block devices of Linux and what they are made of, as {@code /sys} shows them. */
final class BlockDevices {

  private static final Path ALL = Path.of("/sys/dev/block");

  private final Set<FileIdentity> found = new HashSet<>();

  private BlockDevices() {}

  /** {@return the devices that have the content of a device, with the device itself} */
  static ImmutableSet<FileIdentity> below(FileIdentity device) {
    BlockDevices devices = new BlockDevices();
    devices.found.add(device);
    try {
      devices.visit(ALL.resolve(Statx.majorAndMinor(device.device())).toRealPath());
    } catch (IOException | DirectoryIteratorException e) {
      // Without /sys, for example in a container: the device alone is known.
    }
    return ImmutableSet.copyOf(devices.found);
  }

  /** Adds the devices below a device. {@code directory} is its directory in {@code /sys}. */
  private void visit(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null && Files.exists(directory.resolve("partition"))) {
      add(parent);
    }
    Path slaves = directory.resolve("slaves");
    if (Files.isDirectory(slaves)) {
      try (DirectoryStream<Path> each = Files.newDirectoryStream(slaves)) {
        for (Path slave : each) {
          add(slave.toRealPath());
        }
      }
    }
  }

  private void add(Path directory) throws IOException {
    // Not through a channel, which an interrupt would close.
    String text =
        com.google.common.io.Files.asCharSource(directory.resolve("dev").toFile(), US_ASCII).read();
    List<String> numbers = Splitter.on(':').splitToList(text.strip());
    FileIdentity device =
        new FileIdentity(
            Statx.device(Long.parseLong(numbers.get(0)), Long.parseLong(numbers.get(1))), 0);
    if (found.add(device)) {
      visit(directory);
    }
  }
}
