package io.basedisk.domain.model.intent;

import com.google.common.collect.ImmutableList;

/**
 * The intent of an operation on one box. If the box is not registered yet, the operation registers
 * it.
 */
public sealed interface BoxIntent extends Intent
    permits NewBaseIntent, ReplaceDiskIntent, AttachRootfsIntent, RemoveBoxIntent, ResizeIntent {

  /** {@return the box} */
  BoxClaim box();

  @Override
  default ImmutableList<BoxClaim> boxes() {
    return ImmutableList.of(box());
  }
}
