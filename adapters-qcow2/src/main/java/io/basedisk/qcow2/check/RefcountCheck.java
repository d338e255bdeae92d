package io.basedisk.qcow2.check;

import io.basedisk.domain.image.CheckResult;
import io.basedisk.domain.port.Progress;
import io.basedisk.qcow2.format.ClusterGeometry;
import io.basedisk.qcow2.format.FormatException;
import io.basedisk.qcow2.format.Header;
import io.basedisk.qcow2.image.ImageFile;
import io.basedisk.qcow2.os.OperatingSystem;
import java.nio.file.Path;

/**
 * The check of one image. For each stretch of the file, it counts the references to every cluster
 * and compares the counts with the stored refcounts. Most files have one stretch.
 */
public final class RefcountCheck {

  /** QEMU's limit. It bounds the number of stretches. */
  private static final long MAX_CLUSTERS = Integer.MAX_VALUE;

  private final CheckedImage image;
  private final Progress progress;
  private final CheckFindings findings = new CheckFindings();
  private ClusterUsage usage = new ClusterUsage();
  private long lastUsedCluster;

  private RefcountCheck(CheckedImage image, Progress progress) {
    this.image = image;
    this.progress = progress;
  }

  /**
   * Checks an image, without its backing file. If another process writes to the image at the same
   * time, the result may show damage that does not exist.
   *
   * @param path path of the image
   * @param progress receives the progress, in bytes done and in total
   * @return what the check found
   * @throws io.basedisk.domain.error.NotFoundException if the file does not exist
   * @throws io.basedisk.domain.error.InvalidImageException if the file is not a qcow2 image with a
   *     valid header, or has more clusters than a check can count
   * @throws io.basedisk.domain.error.StorageException if the file can't be read
   * @throws io.basedisk.domain.error.InterruptedOperationException if the thread is interrupted;
   *     its interrupt stays pending
   */
  public static CheckResult check(Path path, Progress progress) {
    try (ImageFile file = ImageFile.openToRead(path)) {
      return check(file, progress);
    }
  }

  /**
   * Checks an image by a recorded path: a symbolic link in it is an error.
   *
   * @param path path of the image
   * @param system the system calls to use
   * @return what the check found
   */
  public static CheckResult checkRecorded(Path path, OperatingSystem system) {
    try (ImageFile file = ImageFile.openRecorded(path, system)) {
      return check(file, Progress.NONE);
    }
  }

  /**
   * Checks an image without progress reports.
   *
   * @param path path of the image
   * @return what the check found
   */
  public static CheckResult check(Path path) {
    return check(path, Progress.NONE);
  }

  /**
   * Checks an image that is open.
   *
   * @param file the open image; stays open
   * @param progress receives the progress, in bytes done and in total
   * @return what the check found
   */
  public static CheckResult check(ImageFile file, Progress progress) {
    Header header = readHeader(file);
    CheckedImage image;
    try {
      image = CheckedImage.read(file, header);
    } catch (FormatException e) {
      return unchecked(header, e);
    }
    return new RefcountCheck(image, progress).run();
  }

  /** Reads the header of a file that can be checked. */
  static Header readHeader(ImageFile file) {
    try {
      Header header = Header.parse(file, file.length());
      long clusters = header.geometry().clusters(file.length());
      if (clusters > MAX_CLUSTERS) {
        throw new FormatException("the file has more clusters than can be counted: " + clusters);
      }
      return header;
    } catch (FormatException e) {
      throw file.invalid(e);
    }
  }

  private static CheckResult unchecked(Header header, FormatException reason) {
    CheckFindings findings = new CheckFindings();
    findings.checkError(reason::getMessage);
    return result(findings, false, header, new ClusterUsage(), 0);
  }

  private CheckResult run() {
    ReferenceCounts.forEachStretch(
        image,
        counts -> {
          CheckFindings structure = counts.first() == 0 ? findings : new CheckFindings();
          Progress tables = progressIn(counts);
          usage = new ReferenceWalk(image, counts, null, findings, structure, tables).walk();
          compare(counts);
          tables.at(1, 1);
        });
    long imageEnd = image.header().geometry().clusterOffset(lastUsedCluster + 1).bytes();
    return result(findings, true, image.header(), usage, imageEnd);
  }

  private Progress progressIn(ReferenceCounts stretch) {
    ClusterGeometry geometry = image.header().geometry();
    long total = Math.max(1, image.clusters()) << geometry.clusterBits();
    return (tables, allTables) -> {
      long clusters = (stretch.end() - stretch.first()) * tables / allTables;
      long done = (stretch.first() + clusters) << geometry.clusterBits();
      progress.at(Math.min(done, total), total);
    };
  }

  private void compare(ReferenceCounts counts) {
    for (long cluster = counts.first(); cluster < counts.end(); cluster++) {
      long references = counts.get(cluster);
      if (cluster < image.clusters() || references > 0) {
        compare(cluster, references);
      }
    }
  }

  private void compare(long cluster, long references) {
    StoredRefcounts stored = image.refcounts();
    if (!stored.isReadable(cluster)) {
      findings.checkError(() -> "cluster " + cluster + ": its refcount block is not aligned");
      return;
    }
    long refcount = stored.get(cluster);
    if (refcount != 0 || references != 0) {
      lastUsedCluster = cluster;
    }
    if (refcount == references) {
      return;
    }
    if (Long.compareUnsigned(refcount, references) < 0) {
      findings.corruption(1, () -> mismatch(cluster, refcount, references));
    } else {
      findings.leak(() -> mismatch(cluster, refcount, references));
    }
  }

  private static String mismatch(long cluster, long refcount, long references) {
    return "cluster "
        + cluster
        + ": refcount "
        + Long.toUnsignedString(refcount)
        + ", but references "
        + references;
  }

  private static CheckResult result(
      CheckFindings findings, boolean complete, Header header, ClusterUsage usage, long imageEnd) {
    ClusterGeometry geometry = header.geometry();
    return new CheckResult(
        findings.corruptions(),
        findings.leaks(),
        findings.checkErrors(),
        complete,
        geometry.clusters(CheckedImage.wholeSectors(header.virtualSize())),
        usage.allocated(),
        usage.fragmented(),
        usage.compressed(),
        imageEnd,
        findings.details());
  }
}
