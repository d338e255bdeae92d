package io.basedisk.oci.boxlite;

import io.basedisk.oci.blob.Blobs;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.layout.LayoutIndex;
import io.basedisk.oci.stream.ContentInput;
import io.basedisk.oci.tar.TarHeaders;
import io.basedisk.oci.tar.TarMember;
import io.basedisk.oci.tar.TarStream;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the members of an archive to a spool. The manifest may come last. */
final class ArchiveMembers {

  private static final String DISK = "disk.qcow2";
  private static final String LAYERS = "layers/";

  private final TarStream tar;
  private final Spool spool;
  private byte @Nullable [] manifest;

  private ArchiveMembers(TarStream tar, Spool spool) {
    this.tar = tar;
    this.spool = spool;
  }

  /**
   * Reads the whole archive.
   *
   * @return the manifest
   */
  static byte[] read(ContentInput archive, Spool spool) throws FormatException {
    ArchiveMembers members = new ArchiveMembers(new TarStream(archive), spool);
    for (Optional<TarMember> member = members.tar.next();
        member.isPresent();
        member = members.tar.next()) {
      members.take(member.get());
    }
    byte[] manifest = members.manifest;
    if (manifest == null) {
      throw new FormatException(BoxliteManifest.FILE + " is missing: it is no archive of BoxLite");
    }
    return manifest;
  }

  /** {@return whether the first file is no part of an OCI image layout} */
  static boolean startsLikeOne(ContentInput archive) throws FormatException {
    TarStream tar = new TarStream(archive);
    Optional<TarMember> member = tar.next();
    while (member.isPresent() && member.get().kind() == TarMember.Kind.DIRECTORY) {
      member = tar.next();
    }
    return member.isPresent()
        && !member.get().name().equals(LayoutIndex.MARKER)
        && !member.get().name().equals(LayoutIndex.FILE)
        && !member.get().name().startsWith("blobs/");
  }

  private void take(TarMember member) throws FormatException {
    try {
      if (member.kind() == TarMember.Kind.FILE) {
        takeFile(member);
      } else if (member.kind() != TarMember.Kind.DIRECTORY) {
        throw new FormatException("it is " + member.kind().words() + ", not a regular file");
      }
    } catch (FormatException e) {
      throw new FormatException(TarHeaders.named(member.name()) + ": " + e.reason(), e);
    }
  }

  private void takeFile(TarMember member) throws FormatException {
    String name = member.name();
    if (name.equals(BoxliteManifest.FILE)) {
      takeManifest(member);
    } else if (name.equals(DISK)) {
      spool.takeDisk(member.bytes(), tar::copy);
    } else if (name.startsWith(LAYERS)) {
      spool.takeLayer(name.substring(LAYERS.length()), member.bytes(), tar::copy);
    }
    // Others, for example the guest's rootfs of old archives, are not part of the disk.
  }

  private void takeManifest(TarMember member) throws FormatException {
    if (manifest != null) {
      throw new FormatException("it occurs twice");
    }
    if (member.bytes() > Blobs.MAX_MANIFEST_BYTES) {
      throw new FormatException(
          "it has " + member.bytes() + " bytes, the limit is " + Blobs.MAX_MANIFEST_BYTES);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    tar.copy((part, length) -> bytes.write(part, 0, length));
    manifest = bytes.toByteArray();
  }
}
