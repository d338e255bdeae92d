package io.basedisk.app.wiring;

/** Whether a home must exist already when it is opened. */
public enum HomeUse {
  /** The home must exist; nothing is created. */
  EXISTING,
  /** A missing home is created. */
  MADE_IF_MISSING,
  /** The home must not exist; it is created. */
  NEW
}
