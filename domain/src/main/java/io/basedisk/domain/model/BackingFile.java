package io.basedisk.domain.model;

import org.jspecify.annotations.Nullable;

/**
 * The backing file that an image's header names, as it is written there.
 *
 * @param name 1 to 1023 bytes; not resolved, not checked, not to be trusted
 * @param format the backing format that the header names; null where it names none
 */
public record BackingFile(String name, @Nullable String format) {

  /** The most bytes that a name can have in a qcow2 header. */
  public static final int MAX_NAME_BYTES = 1023;
}
