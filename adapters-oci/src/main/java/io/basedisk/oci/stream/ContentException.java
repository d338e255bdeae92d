package io.basedisk.oci.stream;

import io.basedisk.oci.blob.FormatException;
import java.io.IOException;

/** Carries a {@link FormatException} through the streams of a decompressor. */
final class ContentException extends IOException {

  private static final long serialVersionUID = 1L;

  private final FormatException reason;

  ContentException(FormatException reason) {
    super(reason.reason(), reason);
    this.reason = reason;
  }

  FormatException reason() {
    return reason;
  }
}
