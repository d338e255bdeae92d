package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.StorageException;
import io.basedisk.domain.model.Quoted;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A program {@code docker-credential-NAME} that keeps credentials, with the protocol of docker. The
 * server's name goes to its standard input; its output is never shown.
 */
final class CredentialHelper {

  /** A helper may ask the user to unlock the key store. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int MAX_OUTPUT_BYTES = 256 << 10;
  private static final String PREFIX = "docker-credential-";

  /** What helpers print, with a status other than 0, if they have nothing for a server. */
  private static final String NOT_FOUND = "credentials not found";

  /** The user's name that marks an identity token. */
  private static final String TOKEN_USER = "<token>";

  private static final Splitter PATH = Splitter.on(File.pathSeparatorChar);

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");

  private final String name;
  private final Environment environment;
  private final Duration limit;

  CredentialHelper(String name, Environment environment) {
    this(name, environment, LIMIT);
  }

  CredentialHelper(String name, Environment environment, Duration limit) {
    this.name = name;
    this.environment = environment;
    this.limit = limit;
  }

  /**
   * Asks the helper.
   *
   * @param server name of the registry, as docker gives it to helpers
   * @return the credential; empty if the helper has none
   * @throws StorageException if the helper is missing, fails or takes too long
   */
  Optional<Credential> get(String server) {
    Path program = find();
    Process process;
    try {
      process =
          new ProcessBuilder(program.toString(), "get")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw failed("can't be started");
    }
    try {
      byte[] output = talk(process, server);
      boolean isMissing = new String(output, UTF_8).contains(NOT_FOUND);
      if (process.exitValue() != 0) {
        if (isMissing) {
          return Optional.empty();
        }
        throw failed("ended with status " + process.exitValue());
      }
      return credential(output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Sends the server's name, and reads until the helper ends. */
  private byte[] talk(Process process, String server) {
    FutureTask<byte[]> output =
        new FutureTask<>(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(server.getBytes(UTF_8));
              } catch (IOException e) {
                // The helper has ended without reading: its status says why.
              }
              return process.getInputStream().readNBytes(MAX_OUTPUT_BYTES + 1);
            });
    Thread reader = new Thread(output, "credential-helper");
    reader.setDaemon(true);
    reader.start();
    try {
      byte[] bytes = output.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (bytes.length > MAX_OUTPUT_BYTES) {
        throw failed("printed more than " + MAX_OUTPUT_BYTES + " bytes");
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("did not end within " + limit.toSeconds() + " s");
      }
      return bytes;
    } catch (TimeoutException e) {
      throw failed("did not answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failed("can't be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedOperationException("the wait for " + PREFIX + name + " was interrupted");
    }
  }

  private Optional<Credential> credential(byte[] output) {
    JsonObject json;
    try {
      json = Json.read(output);
    } catch (FormatException e) {
      // Not the cause: its message quotes the output.
      throw failed("printed no valid JSON");
    }
    String user = json.textOrNone("Username").orElse("");
    Secret secret = new Secret(json.textOrNone("Secret").orElse(""));
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        user.equals(TOKEN_USER)
            ? new Credential.IdentityToken(secret)
            : new Credential.Password(user, secret));
  }

  private Path find() {
    if (!NAME.matcher(name).matches()) {
      throw new StorageException("invalid name of a credential helper: " + Quoted.of(name));
    }
    for (String directory : PATH.split(environment.variable("PATH").orElse(""))) {
      // An empty or relative entry would run a program of the current directory.
      if (directory.startsWith(File.separator)) {
        Path program = Path.of(directory, PREFIX + name);
        if (Files.isExecutable(program) && Files.isRegularFile(program)) {
          return program;
        }
      }
    }
    throw failed("is not in the directories of PATH");
  }

  private StorageException failed(String why) {
    return new StorageException(
        "the credential helper "
            + PREFIX
            + name
            + " "
            + why
            + "; install it, or remove it from the files of docker and podman");
  }
}
