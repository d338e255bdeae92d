package io.basedisk.oci.registry;

import com.google.common.base.Ascii;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server asks for in a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1).
 *
 * @param scheme scheme in lower case: {@code basic} or {@code bearer}
 * @param parameters the parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

  private static final String BASIC = "basic";
  private static final String BEARER = "bearer";

  /** A scheme, or a parameter with its value. Possessive: a long text needs no deep stack. */
  private static final Pattern PART =
      Pattern.compile(
          "([\\w!#$%&'*+.^`|~-]++)(?:\\s*+(=)\\s*+(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]*+)))?");

  /** Returns the known challenges of the headers of an answer. */
  static List<Challenge> in(Answer answer) {
    List<Challenge> challenges = new ArrayList<>();
    answer.headers("WWW-Authenticate").forEach(header -> challenges.addAll(parse(header)));
    return challenges;
  }

  /** Returns the known challenges of a header's value, whatever else is in it. */
  static List<Challenge> parse(String header) {
    List<Challenge> challenges = new ArrayList<>();
    Matcher part = PART.matcher(header);
    while (part.find()) {
      if (part.group(2) == null) {
        challenges.add(new Challenge(Ascii.toLowerCase(part.group(1)), new HashMap<>()));
      } else if (!challenges.isEmpty()) {
        String value =
            part.group(3) != null ? part.group(3).replaceAll("\\\\(.)", "$1") : part.group(4);
        challenges
            .get(challenges.size() - 1)
            .parameters()
            .putIfAbsent(Ascii.toLowerCase(part.group(1)), value);
      }
    }
    return challenges.stream().filter(found -> found.isBasic() || found.isBearer()).toList();
  }

  boolean isBasic() {
    return scheme.equals(BASIC);
  }

  boolean isBearer() {
    return scheme.equals(BEARER);
  }

  /** Returns the URI of the token server; empty if it is no HTTP URI. */
  Optional<URI> realm() {
    try {
      URI uri = new URI(parameters.getOrDefault("realm", ""));
      return Origin.find(uri).isPresent() ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  Optional<String> service() {
    return Optional.ofNullable(parameters.get("service"));
  }
}
