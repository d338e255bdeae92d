package io.basedisk.domain.model;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * What an {@link ImageSource} was found to be: the files that make up its content now.
 *
 * @param files its own file and the backing files below it, the top one first
 * @param virtualSize the bytes that a guest sees, in whole sectors of 512 bytes; 0 or more
 */
public record SourceImage(ImageSource source, ImmutableList<Layer> files, long virtualSize) {

  /**
   * One of these files.
   *
   * @param path its real path
   * @param identity which file that was
   */
  public record Layer(Path path, FileIdentity identity) {}
}
