package io.basedisk.oci.registry;

/** What a client of a repository may do: the actions that it asks a token for. */
public enum Access {
  /** Read only. */
  PULL("pull"),
  /** Read and write. */
  PUSH("pull,push");

  private final String actions;

  Access(String actions) {
    this.actions = actions;
  }

  /** The scope of a token, in the words of docker's token specification. */
  String scopeOf(String repository) {
    return "repository:" + repository + ":" + actions;
  }
}
