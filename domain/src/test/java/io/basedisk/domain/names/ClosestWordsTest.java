package io.basedisk.domain.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words that a misspelt word may stand for. */
final class ClosestWordsTest {

  @ParameterizedTest
  @CsvSource({
    "web-1, web-1, 0",
    "WEB-1, web-1, 0",
    "wbe-1, web-1, 1",
    "we-1, web-1, 1",
    "webb-1, web-1, 1",
    "wep-1, web-1, 1",
    "wpe-2, web-1, 3",
    "'', web, 3",
    "a cat, an act, 2",
  })
  void the_distance_is_the_number_of_edits(String one, String other, int edits) {
    assertEquals(edits, EditDistance.of(one, other, 10));
    assertEquals(edits, EditDistance.of(other, one, 10));
    assertEquals(Math.min(edits, 2), EditDistance.of(one, other, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "creat, create ls show rm, create",
    "snapshto, snapshot rootfs, snapshot",
    "--sise, --size --base --owner, --size",
    "web-3, web-1 web-2 db-1, web-1 web-2",
    "debian, debian-12 alpine, debian-12",
    "nothing, web-1, ''",
    "x, a b c, ''",
    "-x, -h -V, ''",
  })
  void only_the_most_similar_words_are_meant(String misspelt, String words, String meant) {
    Splitter space = Splitter.on(' ').omitEmptyStrings();

    assertEquals(
        ImmutableList.copyOf(space.split(meant)), ClosestWords.among(space.split(words), misspelt));
  }

  @Test
  void of_many_words_three_are_meant() {
    ImmutableList<String> words =
        IntStream.rangeClosed(1, 9)
            .mapToObj(n -> "test-" + n)
            .collect(ImmutableList.toImmutableList());

    assertEquals(
        ImmutableList.of("test-1", "test-2", "test-3"), ClosestWords.among(words, "test-x"));
  }
}
