package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** What a credential file or helper has for a registry. */
sealed interface Credential {

  /** A user's name and password. */
  record Password(String user, Secret password) implements Credential {

    /** Returns the value of an {@code Authorization} header. */
    Secret basic() {
      byte[] pair = (user + ":" + password.reveal()).getBytes(UTF_8);
      return new Secret("Basic " + Base64.getEncoder().encodeToString(pair));
    }
  }

  /** A token that the registry's token server exchanges for short-lived ones. */
  record IdentityToken(Secret token) implements Credential {}

  /** A token that goes to the registry as it is. */
  record RegistryToken(Secret token) implements Credential {}
}
