package io.basedisk.oci.registry;

import java.util.regex.Pattern;

/** Tells this machine's loopback interface by a host's name, without asking a name server. */
final class LocalHost {

  static final String NAME = "localhost";

  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[(?:::1|0:0:0:0:0:0:0:1)\\]");

  private LocalHost() {}

  /** Whether requests to a host, as a URI has it, stay on this machine. */
  static boolean is(String host) {
    return host.equalsIgnoreCase(NAME) || LOOPBACK.matcher(host).matches();
  }
}
