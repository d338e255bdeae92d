package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.image.RepairResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The result of a check or repair of an image, with the fields of {@code qemu-img check
 * --output=json} of QEMU 7.2. Zero counts are left out, except for the errors of the check itself.
 *
 * @param left the errors and leaks that are left
 */
public record ImageCheckDocument(
    Path file, CheckResult left, long corruptionsFixed, long leaksFixed) implements Document {

  /**
   * {@return the result of a check}
   *
   * @param file path of the image
   * @param found what the check found
   */
  public static ImageCheckDocument of(Path file, CheckResult found) {
    return new ImageCheckDocument(file, found, 0, 0);
  }

  /**
   * {@return the result of a repair}
   *
   * @param file path of the image
   * @param result what was repaired and what is left
   */
  public static ImageCheckDocument of(Path file, RepairResult result) {
    return new ImageCheckDocument(
        file, result.after(), result.corruptionsFixed(), result.leaksFixed());
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("filename", file.toString());
    json.writeStringField("format", "qcow2");
    json.writeNumberField("check-errors", left.checkErrors());
    write(json, "image-end-offset", left.imageEndOffset());
    write(json, "corruptions", left.corruptions());
    write(json, "leaks", left.leaks());
    write(json, "corruptions-fixed", corruptionsFixed);
    write(json, "leaks-fixed", leaksFixed);
    write(json, "total-clusters", left.totalClusters());
    write(json, "allocated-clusters", left.allocatedClusters());
    write(json, "fragmented-clusters", left.fragmentedClusters());
    write(json, "compressed-clusters", left.compressedClusters());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, long count) throws IOException {
    if (count != 0) {
      json.writeNumberField(name, count);
    }
  }

  @Override
  public void writeText(PrintWriter out) {
    if (corruptionsFixed + leaksFixed > 0) {
      out.println("repaired: " + counts(corruptionsFixed, leaksFixed));
    }
    left.details().forEach(detail -> out.println(Text.line(detail)));
    if (left.isClean()) {
      out.println("nothing is wrong");
    } else {
      out.println("wrong: " + counts(left.errors(), left.leaks()));
    }
    if (left.totalClusters() > 0 && left.complete()) {
      out.println(usage());
      out.println("image end offset: " + left.imageEndOffset());
    }
  }

  private static String counts(long corruptions, long leaks) {
    return corruptions
        + (corruptions == 1 ? " error" : " errors")
        + " (data is lost, or the next write may lose some), "
        + leaks
        + (leaks == 1 ? " leaked cluster" : " leaked clusters")
        + " (space is wasted)";
  }

  private String usage() {
    double allocated = Math.max(1, left.allocatedClusters());
    return String.format(
        Locale.ROOT,
        "%d of %d clusters allocated, %.2f%% of these fragmented, %.2f%% compressed",
        left.allocatedClusters(),
        left.totalClusters(),
        100 * left.fragmentedClusters() / allocated,
        100 * left.compressedClusters() / allocated);
  }
}
