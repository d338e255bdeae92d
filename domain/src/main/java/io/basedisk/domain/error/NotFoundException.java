package io.basedisk.domain.error;

/** The home, box, snapshot, base or file that was named does not exist. */
public sealed class NotFoundException extends BaseDiskException permits NoHomeException {

  private static final long serialVersionUID = 1L;

  public NotFoundException(String message) {
    super(message, null);
  }

  public NotFoundException(String message, Throwable cause) {
    super(message, cause);
  }

  public NotFoundException(String message, Remedy remedy) {
    super(message, remedy, null);
  }

  public NotFoundException(String message, Remedy remedy, Throwable cause) {
    super(message, remedy, cause);
  }
}
