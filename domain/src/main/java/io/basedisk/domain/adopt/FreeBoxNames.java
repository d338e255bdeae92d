package io.basedisk.domain.adopt;

import io.basedisk.domain.model.BoxId;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Makes names of boxes from any text. Each name is given once. Not thread-safe. */
final class FreeBoxNames {

  private static final int LONGEST = 128;
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9._-]+");
  private static final Pattern NOT_AT_START = Pattern.compile("^[^A-Za-z0-9]+");

  private final Predicate<BoxId> isTaken;
  private final Set<BoxId> given = new HashSet<>();

  /**
   * @param isTaken tells whether a name can't be given
   */
  FreeBoxNames(Predicate<BoxId> isTaken) {
    this.isTaken = isTaken;
  }

  /**
   * {@return a free name: the text with only the characters that box names have, and with a number
   * if that name is taken}
   */
  BoxId give(String text) {
    String name = nameOf(text);
    String wanted = name;
    int number = 1;
    while (true) {
      BoxId box = new BoxId(wanted);
      if (!isTaken.test(box) && given.add(box)) {
        return box;
      }
      number++;
      String suffix = "-" + number;
      wanted = name.substring(0, Math.min(name.length(), LONGEST - suffix.length())) + suffix;
    }
  }

  private static String nameOf(String text) {
    String safe = NOT_AT_START.matcher(NOT_IN_NAMES.matcher(text).replaceAll("-")).replaceFirst("");
    String name = safe.isEmpty() ? "box" : safe;
    return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }
}
