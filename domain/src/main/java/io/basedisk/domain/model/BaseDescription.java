package io.basedisk.domain.model;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The description of a base in an extended attribute of its file, for rebuilding a lost store. It
 * is only a hint, because the file's owner may have written it: never delete a file because of it.
 *
 * @param home the home that created the base
 * @param id id of the base
 * @param kind kind of the base
 * @param name name of the base; null if it has none
 * @param sourceBox the box whose disk became the base
 * @param parent the nearest base below it; null if there is none
 * @param createdAt time at which the base was recorded, in whole seconds
 * @param format format of the file, which can't be guessed from its content
 */
public record BaseDescription(
    HomeId home,
    BaseDiskId id,
    BaseDiskKind kind,
    @Nullable BaseName name,
    BoxId sourceBox,
    @Nullable BaseDiskId parent,
    Instant createdAt,
    ImageFormat format) {

  /**
   * Checks the values.
   *
   * @param home see {@link #home}
   * @param id see {@link #id}
   * @param kind see {@link #kind}
   * @param name see {@link #name}
   * @param sourceBox see {@link #sourceBox}
   * @param parent see {@link #parent}
   * @param createdAt see {@link #createdAt}
   * @param format see {@link #format}
   * @throws IllegalArgumentException if a base of that kind can't have the name
   */
  public BaseDescription {
    checkArgument(
        name == null || name.fits(kind), "a base of kind %s can't be called %s", kind, name);
  }
}
