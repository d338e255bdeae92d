package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.Remedy;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words of all remedies equal the committed file. */
class RemediesTest {

  private static final Path FILE = Path.of("src/test/resources/golden/error/remedies.txt");

  @Test
  void remedies() throws Exception {
    StringBuilder text = new StringBuilder();
    List<Class<? extends Remedy>> kinds =
        RemedyText.kinds().stream()
            .sorted((one, other) -> one.getSimpleName().compareTo(other.getSimpleName()))
            .toList();
    for (Class<? extends Remedy> kind : kinds) {
      String words = RemedyText.of(sample(kind));
      assertTrue(words.lines().count() == 1, words);
      text.append(kind.getSimpleName()).append(": ").append(words).append('\n');
    }
    compare(text.toString());
  }

  private static void compare(String text) throws IOException {
    if (Boolean.getBoolean("basedisk.golden.write")) {
      Files.writeString(FILE, text);
    }
    assertEquals(Files.readString(FILE), text);
  }

  private static Remedy sample(Class<? extends Remedy> kind) throws ReflectiveOperationException {
    RecordComponent[] components = kind.getRecordComponents();
    Constructor<? extends Remedy> constructor =
        kind.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    return constructor.newInstance(Arrays.stream(components).map(RemediesTest::sample).toArray());
  }

  private static Object sample(RecordComponent component) {
    Class<?> type = component.getType();
    if (type.equals(Path.class)) {
      return Path.of("/" + component.getName());
    } else if (type.equals(long.class)) {
      return 7L;
    }
    return type.equals(int.class) ? (Object) 7 : "<" + component.getName() + ">";
  }
}
