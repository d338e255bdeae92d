package io.basedisk.domain.testing;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * What a test notes of its run: its seed, say, or how many states it saw. The notes are printed if
 * the test fails; with {@code -Dbasedisk.notes=true} always, and at once.
 *
 * <p>A test class has its own, registered as an extension; any thread may add to it:
 *
 * <pre>{@code
 * @RegisterExtension private final TestNotes notes = new TestNotes();
 * }</pre>
 */
public final class TestNotes implements InvocationInterceptor {

  private static final boolean AT_ONCE = Boolean.getBoolean("basedisk.notes");

  private final List<String> kept = new ArrayList<>();

  /** Adds a line, formatted as {@link String#format} does. */
  @FormatMethod
  public synchronized void add(@FormatString String format, Object... arguments) {
    String note = String.format(format, arguments);
    if (AT_ONCE) {
      System.out.println(note);
    } else {
      kept.add(note);
    }
  }

  private synchronized void print() {
    kept.forEach(System.out::println);
  }

  private synchronized void clear() {
    kept.clear();
  }

  private void printIfItFails(Invocation<Void> test) throws Throwable {
    try {
      test.proceed();
    } catch (Throwable failure) {
      print();
      throw failure;
    } finally {
      clear();
    }
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    printIfItFails(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    printIfItFails(invocation);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
      throws Throwable {
    printIfItFails(invocation);
  }
}
