package io.basedisk.qcow2.os;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The kernel, or a program that claims devices, uses a block device. */
public final class DeviceInUseException extends FileSystemException {

  private static final long serialVersionUID = 1L;

  DeviceInUseException(Path device, SystemCallException cause) {
    super(device.toString(), null, "the device is mounted or in use");
    initCause(cause);
  }
}
