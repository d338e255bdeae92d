package io.basedisk.qcow2.file;

import io.basedisk.qcow2.os.OperatingSystem;

/** The same in pure Java. */
class PortableFileOperationLocksTest extends FileOperationLocksTest {

  @Override
  OperatingSystem system() {
    return OperatingSystem.portable();
  }
}
