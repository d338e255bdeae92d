package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key with a certificate that it has signed itself, made by the JDK's {@code keytool}.
 *
 * @param store the key and its certificate
 * @param pem file with the certificate
 */
record SelfSignedKey(KeyStore store, Path pem) {

  private static final String ALIAS = "key";
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Makes a key for some names, such as {@code dns:localhost,ip:127.0.0.1}. */
  static SelfSignedKey make(Path directory, String names)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path file = directory.resolve("key.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + names,
                "-startdate",
                "-1d",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, keytool.waitFor(), output);
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return new SelfSignedKey(store, writePem(directory.resolve("cert.pem"), store));
  }

  private static Path writePem(Path pem, KeyStore store)
      throws IOException, GeneralSecurityException {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
            .encodeToString(store.getCertificate(ALIAS).getEncoded());
    return Files.writeString(
        pem, "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n");
  }

  PrivateKey key() throws GeneralSecurityException {
    return (PrivateKey) store.getKey(ALIAS, PASSWORD);
  }

  /** The certificate as JSON web tokens have it. */
  String encodedCertificate() throws GeneralSecurityException {
    return Base64.getEncoder().encodeToString(store.getCertificate(ALIAS).getEncoded());
  }

  /** What a server needs to prove that it has the key. */
  SSLContext serverContext() throws GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
