package io.basedisk.qcow2.testing;

import io.basedisk.domain.image.MapEntry;
import io.basedisk.qcow2.image.DiskImage;
import io.basedisk.qcow2.operation.ImageMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The map of an image by {@code qemu-img map}, and ours in the same format. */
public final class QemuMap {

  private QemuMap() {}

  /** Returns QEMU's map. */
  public static String of(Path image, String format) {
    return Qemu.img("map", "--output=json", "-f", format, image);
  }

  /** Returns our map. */
  public static String of(DiskImage disk) {
    List<String> entries = new ArrayList<>();
    ImageMap.of(disk).forEachRemaining(entry -> entries.add(text(entry)));
    return "[" + String.join(",\n", entries) + "]\n";
  }

  private static String text(MapEntry entry) {
    return "{ \"start\": %d, \"length\": %d, \"depth\": %d, \"present\": %s, \"zero\": %s, \"data\": %s%s}"
        .formatted(
            entry.start(),
            entry.length(),
            entry.depth(),
            entry.present(),
            entry.zero(),
            entry.data(),
            entry.offset().isPresent() ? ", \"offset\": " + entry.offset().getAsLong() : "");
  }
}
