package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * The intent of an operation that creates a disk under a temporary name, and renames it when it is
 * complete.
 */
public sealed interface NewDiskIntent extends Intent permits ImportBoxIntent, AttachRootfsIntent {

  /** {@return the temporary path of the disk} */
  Path temporary();

  /** {@return the path of the complete disk} */
  Path disk();

  /** {@return the new directories above the disk, parents first} */
  ImmutableList<Path> newDirectories();
}
