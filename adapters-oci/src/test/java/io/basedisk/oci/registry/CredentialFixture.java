package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files and programs with credentials. */
abstract class CredentialFixture {

  static final RegistryReference REFERENCE = RegistryReference.parse("r.example:5000/team/web");

  @TempDir Path temporary;
  Path home;
  Path bin;
  final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void directories() throws IOException {
    home = Files.createDirectory(temporary.resolve("home"));
    bin = Files.createDirectory(temporary.resolve("bin"));
    variables.put("PATH", bin.toString());
  }

  Optional<Credential> find() {
    return new CredentialFinder(REFERENCE, new Environment(variables, home)).find();
  }

  String password() {
    return text(find());
  }

  static String text(Optional<Credential> credential) {
    Credential found = credential.orElseThrow();
    if (found instanceof Credential.Password password) {
      return password.user() + ":" + password.password().reveal();
    }
    return found instanceof Credential.IdentityToken identity
        ? "identity " + identity.token().reveal()
        : "registry " + ((Credential.RegistryToken) found).token().reveal();
  }

  void helper(String name, String script) throws IOException {
    Path file = bin.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  void docker(String json) throws IOException {
    write(home.resolve(".docker/config.json"), json);
  }

  static void write(Path file, String json) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
  }

  static String auths(String key, String pair) {
    return "{\"auths\": {" + entry(key, pair) + "}}";
  }

  static String entry(String key, String pair) {
    return "\""
        + key
        + "\": {\"auth\": \""
        + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))
        + "\"}";
  }
}
