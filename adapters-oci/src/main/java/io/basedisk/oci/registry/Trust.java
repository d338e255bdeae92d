package io.basedisk.oci.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import io.basedisk.domain.error.FileFailure;
import io.basedisk.domain.error.InvalidArgumentException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes the HTTP clients: one for the system's certificates, and one for each content of a CA file.
 * They live as long as the process, because an {@code HttpClient} of JDK 17 can't be closed.
 */
final class Trust {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);

  /** Limit of a CA file's size in bytes; a system's file of all authorities has some 200 KB. */
  private static final int MAX_FILE_BYTES = 4 << 20;

  private static final String SYSTEM = "system";

  /** By the digest of the CA file. */
  private static final Map<String, HttpClient> CLIENTS = new ConcurrentHashMap<>();

  private Trust() {}

  /**
   * Returns a client that trusts the system's certificates, and those in a file.
   *
   * @param caFile a PEM file; null for none
   * @throws InvalidArgumentException if the file has no valid certificate
   */
  static HttpClient client(@Nullable Path caFile) {
    if (caFile == null) {
      return CLIENTS.computeIfAbsent(SYSTEM, key -> builder().build());
    }
    byte[] pem = read(caFile);
    return CLIENTS.computeIfAbsent(
        Hashing.sha256().hashBytes(pem).toString(),
        key -> builder().sslContext(context(caFile, pem)).build());
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        // A stalled stream of HTTP/2 would hold the connection that the retry uses.
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_LIMIT);
  }

  private static byte[] read(Path caFile) {
    try (InputStream in = Files.newInputStream(caFile)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new InvalidArgumentException(caFile + ": longer than " + MAX_FILE_BYTES + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw FileFailure.of(
          caFile + ": cannot read the certificates: " + FileFailure.reasonOf(e), e);
    }
  }

  private static SSLContext context(Path caFile, byte[] pem) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (X509Certificate certificate : ofSystem()) {
        trusted.setCertificateEntry("system-" + trusted.size(), certificate);
      }
      for (Certificate certificate : certificates(caFile, pem)) {
        trusted.setCertificateEntry("given-" + trusted.size(), certificate);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(trusted), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw FileFailure.of(caFile + ": cannot use the certificates: " + e.getMessage(), e);
    }
  }

  private static ImmutableList<Certificate> certificates(Path caFile, byte[] pem) {
    ImmutableList<Certificate> certificates;
    try {
      certificates =
          ImmutableList.copyOf(
              CertificateFactory.getInstance("X.509")
                  .generateCertificates(new ByteArrayInputStream(pem)));
    } catch (CertificateException e) {
      throw new InvalidArgumentException(caFile + ": not a PEM file of certificates", e);
    }
    if (certificates.isEmpty()) {
      throw new InvalidArgumentException(caFile + ": has no certificate; expected a PEM file");
    }
    return certificates;
  }

  private static ImmutableList<X509Certificate> ofSystem() throws GeneralSecurityException {
    return Arrays.stream(managers(null))
        .filter(X509TrustManager.class::isInstance)
        .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
        .collect(ImmutableList.toImmutableList());
  }

  private static TrustManager[] managers(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }
}
