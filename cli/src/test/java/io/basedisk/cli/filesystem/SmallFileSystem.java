package io.basedisk.cli.filesystem;

import com.google.common.collect.ImmutableList;
import io.basedisk.qcow2.os.ScratchMount;
import io.basedisk.qcow2.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;

/** The kinds of small file systems that tests mount. */
enum SmallFileSystem {
  // No blocks are reserved for root, so that a full file system is full for root too.
  EXT4(48, "mkfs.ext4", "-q", "-m", "0"),
  XFS(310, "mkfs.xfs", "-q");

  private final int mebibytes;
  private final ImmutableList<String> mkfs;

  SmallFileSystem(int mebibytes, String... mkfs) {
    this.mebibytes = mebibytes;
    this.mkfs = ImmutableList.copyOf(mkfs);
  }

  /** Creates a file system in that directory and mounts it there. Skips the test if that fails. */
  ScratchMount mount(Path directory) throws IOException {
    Tool.assumeInstalled(mkfs.get(0));
    return ScratchMount.ofImage(
        directory, directory.resolve("image"), mebibytes, mkfs.toArray(String[]::new));
  }
}
