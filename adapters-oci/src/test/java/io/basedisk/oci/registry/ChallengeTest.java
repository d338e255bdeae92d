package io.basedisk.oci.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry's request for authorization is read, whatever surrounds it. */
class ChallengeTest {

  @Test
  void a_bearer_challenge() {
    Challenge challenge =
        only(
            "BEARER Realm=\"https://auth.example/t?x=1,2\", service = \"a \\\"b\\\"\",scope=\"c,d\"");

    assertTrue(challenge.isBearer());
    assertEquals("https://auth.example/t?x=1,2", challenge.realm().orElseThrow().toString());
    assertEquals(Optional.of("a \"b\""), challenge.service());
    assertEquals("c,d", challenge.parameters().get("scope"));
  }

  @Test
  void several_challenges_in_one_header() {
    List<Challenge> challenges =
        Challenge.parse("Negotiate, Basic realm=\"r\", Bearer realm=https://a.example/t");

    assertEquals(
        List.of(
            new Challenge("basic", Map.of("realm", "r")),
            new Challenge("bearer", Map.of("realm", "https://a.example/t"))),
        challenges);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer realm=\"\"",
        "Bearer realm=\"ftp://a.example/t\"",
        "Bearer realm=\"/token\"",
        "Bearer realm=\"https://user:secret@a.example/t\"",
        "Bearer realm=\"https://a b/\"",
        "Bearer realm=\"file:///etc/passwd\"",
        "Bearer service=\"https://a.example/t\""
      })
  void a_bearer_challenge_without_a_usable_realm(String header) {
    assertEquals(Optional.empty(), only(header).realm());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "=", "\"", "realm=\"x\"", "Digest realm=\"x\"", "\"Basic\\"})
  void no_known_challenge(String header) {
    assertTrue(Challenge.parse(header).stream().noneMatch(Challenge::isBearer), header);
  }

  @Test
  void a_long_value_needs_no_deep_stack() {
    String value = "\\\"a".repeat(Answer.MAX_HEADER * 8);

    assertEquals(
        value.length() / 3 * 2, only("Bearer x=\"" + value + "\"").parameters().get("x").length());
  }

  private static Challenge only(String header) {
    List<Challenge> challenges = Challenge.parse(header);
    assertEquals(1, challenges.size(), challenges.toString());
    return challenges.get(0);
  }
}
