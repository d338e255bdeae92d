package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.qcow2.file.LocalDiskFiles;
import io.basedisk.qcow2.os.OperatingSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What {@code qemu-img info} of QEMU 7.2 prints of a raw image.
 *
 * @param file the file, as it was named
 * @param size its length in bytes
 * @param actualSize the bytes that it occupies on its file system
 */
public record RawImageDocument(Path file, long size, long actualSize) implements Document {

  /** Looks at an image. */
  public static RawImageDocument of(Path file) {
    LocalDiskFiles files = new LocalDiskFiles(OperatingSystem.current());
    FileStatus status =
        files
            .status(files.realPath(file))
            .orElseThrow(() -> new NotFoundException(file + ": no such file"));
    return new RawImageDocument(file, status.length(), status.allocatedBytes());
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("virtual-size", size);
    json.writeStringField("filename", file.toString());
    json.writeStringField("format", "raw");
    json.writeNumberField("actual-size", actualSize);
    json.writeBooleanField("dirty-flag", false);
    json.writeEndObject();
  }

  @Override
  public void writeText(PrintWriter out) {
    out.println("image: " + Text.line(file.toString()));
    out.println("file format: raw");
    out.println("virtual size: " + Sizes.humanAndExact(size));
    out.println("disk size: " + Sizes.human(actualSize));
  }
}
