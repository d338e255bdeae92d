package io.basedisk.qcow2.testing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.CharMatcher;
import io.basedisk.domain.image.BitmapInfo;
import io.basedisk.domain.image.ImageInfo;
import io.basedisk.domain.image.InternalSnapshotInfo;
import io.basedisk.qcow2.image.ImageInfoReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Comparison of {@code qemu-img info} with our information about an image. */
public final class QemuInfo {

  private QemuInfo() {}

  /** Fails unless our fields and QEMU's are the same, with the same values. */
  public static void assertSame(Path image) {
    String answer = Qemu.img("info", "--output=json", image);
    String dense = CharMatcher.whitespace().removeFrom(answer);
    List<String> fields = fields(ImageInfoReader.read(image));

    assertAll(
        fields.stream()
            .map(field -> CharMatcher.whitespace().removeFrom(field))
            .map(field -> () -> assertTrue(dense.contains(field), field + " in " + answer)));
    assertEquals(
        fields.stream().mapToInt(field -> CharMatcher.is(':').countIn(field)).sum(),
        // Other fields of QEMU: the size on disk, and the objects that contain the fields.
        colonsOutsideNames(dense) - 1 - 2 - (dense.contains("snapshots\":") ? 1 : 0),
        answer);
  }

  private static int colonsOutsideNames(String json) {
    return (json.length() - json.replace("\":", "").length()) / 2;
  }

  private static List<String> fields(ImageInfo info) {
    List<String> fields = new ArrayList<>();
    fields.add(field("virtual-size", info.virtualSize()));
    fields.add(field("filename", info.file()));
    fields.add(field("cluster-size", info.clusterSize()));
    fields.add(field("format", "qcow2"));
    fields.add(field("type", "qcow2"));
    fields.add(field("compat", info.compat()));
    fields.add(field("compression-type", info.compression().label()));
    fields.add(field("refcount-bits", info.refcountBits()));
    fields.add(field("dirty-flag", info.dirty()));
    if (info.version() > 2) {
      fields.add(field("lazy-refcounts", info.lazyRefcounts()));
      fields.add(field("corrupt", info.corrupt()));
      fields.add(field("extended-l2", info.extendedL2()));
    }
    if (info.backing() != null) {
      fields.add(field("backing-filename", info.backing().name()));
      fields.add(field("backing-filename-format", info.backing().format()));
      fields.add(field("full-backing-filename", info.fullBackingFilename().orElseThrow()));
    }
    if (!info.bitmaps().isEmpty()) {
      fields.add(
          "\"bitmaps\": ["
              + String.join(",", info.bitmaps().stream().map(QemuInfo::bitmap).toList())
              + "]");
    }
    info.snapshots().forEach(snapshot -> fields.addAll(snapshot(snapshot)));
    return fields;
  }

  private static String bitmap(BitmapInfo bitmap) {
    return "{ \"flags\": ["
        + (bitmap.auto() ? "\"auto\"" : "")
        + "], \"name\": \""
        + bitmap.name()
        + "\", \"granularity\": "
        + bitmap.granularity()
        + "}";
  }

  private static List<String> snapshot(InternalSnapshotInfo snapshot) {
    List<String> fields =
        new ArrayList<>(
            List.of(
                field("name", snapshot.name()),
                field("id", snapshot.id()),
                field("date-sec", snapshot.dateSeconds()),
                field("date-nsec", snapshot.dateNanoseconds()),
                field("vm-clock-sec", snapshot.vmClockNanoseconds() / 1_000_000_000),
                field("vm-clock-nsec", snapshot.vmClockNanoseconds() % 1_000_000_000),
                field("vm-state-size", snapshot.vmStateSize())));
    snapshot.instructionCount().ifPresent(count -> fields.add(field("icount", count)));
    return fields;
  }

  private static String field(String name, Object value) {
    boolean bare = value instanceof Number || value instanceof Boolean;
    return "\"" + name + "\": " + (bare ? value : "\"" + value + "\"");
  }
}
