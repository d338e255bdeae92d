package io.basedisk.domain.model;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * An inspected {@link ImageSource}: the files of its chain.
 *
 * @param source the inspected source
 * @param files the image and its backing files, top first
 * @param virtualSize virtual size in bytes, a multiple of 512; 0 or more
 */
public record SourceImage(ImageSource source, ImmutableList<Layer> files, long virtualSize) {

  /**
   * A file of the chain.
   *
   * @param path real path
   * @param identity device and inode when it was inspected
   */
  public record Layer(Path path, FileIdentity identity) {}
}
