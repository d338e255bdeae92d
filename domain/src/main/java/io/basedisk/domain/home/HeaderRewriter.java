package io.basedisk.domain.home;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.model.BaseFingerprint;
import io.basedisk.domain.model.FileStatus;
import io.basedisk.domain.model.Relocation.HeaderRewrite;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.DiskImages;
import io.basedisk.domain.port.ImageLocks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import javax.inject.Inject;

/**
 * Rewrites headers as an intent says, each durably before the next. It does not read the old
 * header, so it can complete a header that a kill or a power cut left torn.
 */
public final class HeaderRewriter {

  private final DiskFiles files;
  private final DiskImages images;
  private final ImageLocks imageLocks;

  /**
   * Creates a rewriter.
   *
   * @param files the files
   * @param images the disk images
   * @param imageLocks keeps VMs from starting on an image while its header is rewritten
   */
  @Inject
  public HeaderRewriter(DiskFiles files, DiskImages images, ImageLocks imageLocks) {
    this.files = files;
    this.images = images;
    this.imageLocks = imageLocks;
  }

  /**
   * Rewrites the headers.
   *
   * @param rewrites the new header bytes of each file
   * @param times the recorded times of those files whose times an interrupted rewrite may have
   *     changed
   * @throws io.basedisk.domain.error.RefusedException if a process has one of the images open for
   *     writing, or another file has its path
   */
  public void apply(ImmutableList<HeaderRewrite> rewrites, Map<Path, BaseFingerprint> times) {
    for (HeaderRewrite rewrite : rewrites) {
      Path file = rewrite.file();
      try (ImageLocks.Guard guard = imageLocks.guard(file)) {
        images.patchHeader(file, rewrite.inode(), rewrite.patch());
        guard.checkNoWriter();
      }
      FileStatus status =
          files
              .status(file)
              .orElseThrow(
                  () ->
                      new NotFoundException(file + ": was deleted while its header was rewritten"));
      if (status.permitsMoreThan(rewrite.mode())) {
        files.limitPermissions(file, rewrite.mode());
      }
      BaseFingerprint recorded = times.get(file);
      if (recorded != null && !recorded.modifiedAt().equals(status.modifiedAt())) {
        Instant time = recorded.modifiedAt();
        files.setModifiedAt(file, time);
      }
      files.sync(file);
    }
  }
}
