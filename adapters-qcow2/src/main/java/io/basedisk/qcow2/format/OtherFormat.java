package io.basedisk.qcow2.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The name of a file's format, for the message that it is no qcow2 image. It is a hint only: the
 * content of a raw image can be anything, so no file is opened in another way because of it.
 */
final class OtherFormat {

  private static final int HEAD = 512;
  private static final long ISO_AT = 0x8001;
  private static final int VHD_FOOTER = 512;
  private static final int VDI_SIGNATURE_AT = 0x40;
  private static final int VDI_SIGNATURE = 0x7f10dabe; // 0xbeda107f, little-endian.

  private OtherFormat() {}

  /** {@return the name of the format that a file which is no qcow2 image seems to have} */
  static String of(FileBytes file, long length) {
    ByteBuffer head = file.read(HostOffset.NOWHERE, HEAD);
    String start = StandardCharsets.ISO_8859_1.decode(head.duplicate()).toString();
    if (start.startsWith("QFI\u00fb")) {
      return "a qcow1 image";
    }
    if (start.startsWith("QED\0")) {
      return "a QED image";
    }
    if (start.startsWith("KDMV")
        || start.startsWith("COWD")
        || start.startsWith("# Disk DescriptorFile")) {
      return "a VMDK image";
    }
    if (start.startsWith("vhdxfile")) {
      return "a VHDX image";
    }
    if (start.startsWith("conectix") || hasVhdFooter(file, length)) {
      return "a VHD image";
    }
    if (head.getInt(VDI_SIGNATURE_AT) == VDI_SIGNATURE) {
      return "a VDI image";
    }
    if (start.startsWith("\u001f\u008b")) {
      return "a gzip file";
    }
    if (start.startsWith("\u00fd7zXZ\0")) {
      return "an xz file";
    }
    if (start.startsWith("(\u00b5/\u00fd")) {
      return "a zstd file";
    }
    return isIso(file) ? "an ISO 9660 image" : "probably raw";
  }

  private static boolean hasVhdFooter(FileBytes file, long length) {
    return length >= VHD_FOOTER && text(file, length - VHD_FOOTER, "conectix");
  }

  private static boolean isIso(FileBytes file) {
    return text(file, ISO_AT, "CD001");
  }

  private static boolean text(FileBytes file, long at, String expected) {
    ByteBuffer bytes = file.read(new HostOffset(at), expected.length());
    return StandardCharsets.ISO_8859_1.decode(bytes).toString().equals(expected);
  }
}
