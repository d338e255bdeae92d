package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.image.AllowedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Which files may be opened because an image names them as its backing file. Whoever opens an image
 * says so: a hostile image names files of the host, in order to have them shown to a guest.
 *
 * <p>It is asked about real paths, in which no link is left, and decides component by component.
 */
public sealed interface OpenPolicy {

  /** Returns whether the file at that real path may be opened. */
  boolean allows(Path realPath);

  /** Allows what a caller of the port allows; links lead where they lead to now. */
  static OpenPolicy of(AllowedFiles allowed) {
    OpenPolicy policy = only(allowed.files());
    for (Path directory : allowed.directories()) {
      policy = policy.or(inside(directory));
    }
    return policy;
  }

  /** Allows no file. */
  static OpenPolicy nothing() {
    return only(ImmutableSet.of());
  }

  /**
   * Allows certain files and no others.
   *
   * @param files they may be links: to what these lead to now
   */
  static OpenPolicy only(Collection<Path> files) {
    return new Only(files.stream().map(OpenPolicy::real).collect(ImmutableSet.toImmutableSet()));
  }

  /**
   * Allows every file in a directory or below it.
   *
   * @param directory it may be a link: to what that leads to now
   */
  static OpenPolicy inside(Path directory) {
    return new Inside(real(directory));
  }

  /** Returns the policy that allows what this one allows, and what another one does. */
  default OpenPolicy or(OpenPolicy other) {
    return new Either(this, other);
  }

  /** Returns the real path of a file; of one that can't be found, the path without detours. */
  static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize();
    }
  }

  /** Some files. */
  record Only(ImmutableSet<Path> files) implements OpenPolicy {
    @Override
    public boolean allows(Path realPath) {
      return files.contains(realPath);
    }
  }

  /** What is in a directory. */
  record Inside(Path directory) implements OpenPolicy {
    @Override
    public boolean allows(Path realPath) {
      return realPath.startsWith(directory) && !realPath.equals(directory);
    }
  }

  /** What one of two policies allows. */
  record Either(OpenPolicy first, OpenPolicy second) implements OpenPolicy {
    @Override
    public boolean allows(Path realPath) {
      return first.allows(realPath) || second.allows(realPath);
    }
  }
}
