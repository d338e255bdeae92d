package io.basedisk.domain.image;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Which files may be opened because an image names them as its backing file. A hostile image names
 * files of the host, so that they are shown to its guest. The caller who opens an image therefore
 * says which files it may name; every other file stays closed.
 *
 * <p>A path may be a symbolic link: it stands for the file that it leads to when the image is
 * opened. A backing file is compared by its real path, component by component.
 *
 * @param files the files themselves
 * @param directories every file in one of them, or below it
 */
public record AllowedFiles(ImmutableSet<Path> files, ImmutableSet<Path> directories) {

  /** Allows no file: only an image without a backing file can be opened. */
  public static final AllowedFiles NONE = new AllowedFiles(ImmutableSet.of(), ImmutableSet.of());

  /** Allows certain files and no others. */
  public static AllowedFiles only(Collection<Path> files) {
    return new AllowedFiles(ImmutableSet.copyOf(files), ImmutableSet.of());
  }

  /** Allows every file in a directory or below it. */
  public static AllowedFiles inside(Path directory) {
    return new AllowedFiles(ImmutableSet.of(), ImmutableSet.of(directory));
  }

  /** Returns these files together with others. */
  public AllowedFiles and(AllowedFiles others) {
    return new AllowedFiles(
        ImmutableSet.<Path>builder().addAll(files).addAll(others.files).build(),
        ImmutableSet.<Path>builder().addAll(directories).addAll(others.directories).build());
  }
}
