package io.basedisk.domain.image;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The files that may be opened because an image names them as its backing file. A hostile image
 * names files of the host, so that its guest can read them. Therefore the caller who opens an image
 * lists the allowed files; every other file stays closed.
 *
 * <p>A path may be a symbolic link: it allows the file that it leads to when the image is opened. A
 * backing file is compared by its real path, component by component.
 *
 * @param files allowed files
 * @param directories directories in which every file is allowed, at any depth
 */
public record AllowedFiles(ImmutableSet<Path> files, ImmutableSet<Path> directories) {

  /** Allows no file: only an image without a backing file can be opened. */
  public static final AllowedFiles NONE = new AllowedFiles(ImmutableSet.of(), ImmutableSet.of());

  /**
   * Allows the given files only.
   *
   * @param files paths of the files
   * @return the allowed files
   */
  public static AllowedFiles only(Collection<Path> files) {
    return new AllowedFiles(ImmutableSet.copyOf(files), ImmutableSet.of());
  }

  /**
   * Allows every file in a directory or below it.
   *
   * @param directory path of the directory
   * @return the allowed files
   */
  public static AllowedFiles inside(Path directory) {
    return new AllowedFiles(ImmutableSet.of(), ImmutableSet.of(directory));
  }

  /**
   * {@return these files together with others}
   *
   * @param others the other allowed files
   */
  public AllowedFiles and(AllowedFiles others) {
    return new AllowedFiles(
        ImmutableSet.<Path>builder().addAll(files).addAll(others.files).build(),
        ImmutableSet.<Path>builder().addAll(directories).addAll(others.directories).build());
  }
}
