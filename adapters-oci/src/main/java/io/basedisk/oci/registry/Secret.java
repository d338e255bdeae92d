package io.basedisk.oci.registry;

/** A password or token. Only {@link #reveal} returns its text, so that no message or log has it. */
final class Secret {

  private final String text;

  Secret(String text) {
    this.text = text;
  }

  /** Returns the text, for an authorization header or a form. */
  String reveal() {
    return text;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public String toString() {
    return "<hidden>";
  }
}
