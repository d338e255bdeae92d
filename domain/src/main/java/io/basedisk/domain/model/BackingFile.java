package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * The backing file named in an image's header, as stored there.
 *
 * @param name the stored name, 1 to 1023 bytes; unresolved, unchecked and untrusted
 * @param format the backing format in the header; null if it has none
 */
public record BackingFile(String name, @Nullable String format) {

  /** Maximum length of a name in a qcow2 header, in bytes. */
  public static final int MAX_NAME_BYTES = 1023;
}
