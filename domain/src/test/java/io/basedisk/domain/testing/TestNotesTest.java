package io.basedisk.domain.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.api.function.Executable;

final class TestNotesTest {

  private final TestNotes notes = new TestNotes();

  @Test
  void a_test_that_passes_prints_nothing() throws Throwable {
    assumeFalse(Boolean.getBoolean("basedisk.notes"), "all notes are printed at once");
    notes.add("seed %d", 7);

    assertEquals("", printedBy(() -> run(() -> null)));
  }

  @Test
  void a_test_that_fails_prints_its_own_notes_and_none_of_the_one_before() throws Throwable {
    assumeFalse(Boolean.getBoolean("basedisk.notes"), "all notes are printed at once");
    notes.add("seed %d", 7);
    run(() -> null);
    notes.add("seed %d", 8);

    assertEquals(
        String.format("seed 8%n"),
        printedBy(() -> assertThrows(AssertionError.class, () -> run(TestNotesTest::failing))));
  }

  private static Void failing() {
    throw new AssertionError("it fails");
  }

  private void run(Invocation<Void> test) throws Throwable {
    notes.interceptTestMethod(test, null, null);
  }

  private static String printedBy(Executable action) throws Throwable {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      action.execute();
    } finally {
      System.setOut(before);
    }
    return printed.toString(UTF_8);
  }
}
