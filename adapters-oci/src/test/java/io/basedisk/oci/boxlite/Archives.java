package io.basedisk.oci.boxlite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.hash.Hashing;
import io.basedisk.oci.artifact.Contents;
import java.util.Arrays;

/** Contents and manifests as BoxLite has them. */
final class Archives {

  /** Has the magic of qcow2; an odd length, and blocks of zeros. */
  static final byte[] DISK = disk(300_001);

  private Archives() {}

  static byte[] disk(int length) {
    byte[] bytes = Contents.bytes(length, 7);
    System.arraycopy("QFI\u00fb\0\0\0\3\0\0\0\0\0\0\0\0".getBytes(ISO_8859_1), 0, bytes, 0, 16);
    Arrays.fill(bytes, length / 8, length / 3, (byte) 0);
    return bytes;
  }

  static String hex(byte[] bytes) {
    return Hashing.sha256().hashBytes(bytes).toString();
  }

  /** The manifest of an archive with one disk. */
  static String manifest(int version, String checksum) {
    return "{\"version\": "
        + version
        + ", \"box_name\": \"web-1\", \"image\": \"alpine:latest\","
        + (version >= 3 ? " \"box_options\": {\"cpus\": 2, \"env\": [[\"A\", \"b\"]]}," : "")
        + " \"guest_disk_checksum\": \"\", \"container_disk_checksum\": \""
        + checksum
        + "\", \"exported_at\": \"2026-01-02T03:04:05.678901234+00:00\"}";
  }

  /** The manifest of an archive with layers; each is its digest, format and virtual size. */
  static String layered(String... layers) {
    return "{\"version\": 6, \"box_name\": \"web-1\", \"image\": \"alpine:latest\","
        + " \"container_disk_checksum\": \"\", \"exported_at\": \"2026-01-02T03:04:05Z\","
        + " \"layers\": ["
        + String.join(", ", layers)
        + "]}";
  }

  static String layer(byte[] content, String format, long virtualSize) {
    return "{\"digest\": \"sha256:"
        + hex(content)
        + "\", \"format\": \""
        + format
        + "\", \"virtual_size\": "
        + virtualSize
        + "}";
  }
}
