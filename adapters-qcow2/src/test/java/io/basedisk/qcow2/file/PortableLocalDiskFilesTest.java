package io.basedisk.qcow2.file;

import io.basedisk.qcow2.os.OperatingSystem;

/** The same with Java alone. */
class PortableLocalDiskFilesTest extends LocalDiskFilesTest {

  @Override
  OperatingSystem system() {
    return OperatingSystem.portable();
  }
}
