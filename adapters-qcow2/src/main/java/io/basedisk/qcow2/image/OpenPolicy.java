package io.basedisk.qcow2.image;

import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.image.AllowedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The files that may be opened because an image names them as its backing file. Every caller that
 * opens an image chooses a policy: a hostile image names files of the host, so that a guest can
 * read them.
 *
 * <p>A policy checks real paths, without links, component by component.
 */
public sealed interface OpenPolicy {

  /**
   * {@return whether the file at a real path may be opened}
   *
   * @param realPath an absolute path without symbolic links
   */
  boolean allows(Path realPath);

  /**
   * Allows the files that a caller of the port allows; a link allows the file that it leads to now.
   *
   * @param allowed what the caller allows
   * @return the policy
   */
  static OpenPolicy of(AllowedFiles allowed) {
    OpenPolicy policy = only(allowed.files());
    for (Path directory : allowed.directories()) {
      policy = policy.or(inside(directory));
    }
    return policy;
  }

  /**
   * Allows no file.
   *
   * @return the policy
   */
  static OpenPolicy nothing() {
    return only(ImmutableSet.of());
  }

  /**
   * Allows the given files only.
   *
   * @param files paths; a link allows the file that it leads to now
   * @return the policy
   */
  static OpenPolicy only(Collection<Path> files) {
    return new Only(files.stream().map(OpenPolicy::real).collect(ImmutableSet.toImmutableSet()));
  }

  /**
   * Allows every file in a directory or below it.
   *
   * @param directory path; a link allows the directory that it leads to now
   * @return the policy
   */
  static OpenPolicy inside(Path directory) {
    return new Inside(real(directory));
  }

  /**
   * {@return the policy that allows every file that this policy or the other one allows}
   *
   * @param other the other policy
   */
  default OpenPolicy or(OpenPolicy other) {
    return new Either(this, other);
  }

  /**
   * {@return the real path of a file; for a file that can't be found, the normalized absolute path}
   *
   * @param file path of the file
   */
  static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize();
    }
  }

  /**
   * Allows a set of files.
   *
   * @param files the real paths of the files
   */
  record Only(ImmutableSet<Path> files) implements OpenPolicy {
    @Override
    public boolean allows(Path realPath) {
      return files.contains(realPath);
    }
  }

  /**
   * Allows all files below a directory.
   *
   * @param directory the real path of the directory
   */
  record Inside(Path directory) implements OpenPolicy {
    @Override
    public boolean allows(Path realPath) {
      return realPath.startsWith(directory) && !realPath.equals(directory);
    }
  }

  /**
   * Allows every file that one of two policies allows.
   *
   * @param first one policy
   * @param second the other policy
   */
  record Either(OpenPolicy first, OpenPolicy second) implements OpenPolicy {
    @Override
    public boolean allows(Path realPath) {
      return first.allows(realPath) || second.allows(realPath);
    }
  }
}
