package io.basedisk.app.wiring;

/** Whether a home may be, must be or must not be at the path that is opened. */
public enum HomeUse {
  /** A home must be there; nothing is made. */
  EXISTING,
  /** A home is made if none is there. */
  MADE_IF_MISSING,
  /** A home is made; none may be there. */
  NEW
}
