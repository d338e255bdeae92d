package io.basedisk.domain.adopt;

import io.basedisk.domain.model.BaseName;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.SnapshotName;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Gives names of this home to snapshots and rootfs entries of another one: the same name if the
 * rules permit it, otherwise one like it. Not thread-safe.
 */
final class ForeignNames {

  private static final Pattern FORBIDDEN = Pattern.compile("[/\\\\\\p{Cc}\\p{Cs}]+");
  private static final Pattern NOT_AT_START = Pattern.compile("^[.\\-\\s\\p{Z}]+");
  private static final Pattern NOT_AT_END = Pattern.compile("[\\s\\p{Z}]+$");

  private final RecordedFiles recorded;
  private final Set<String> given = new HashSet<>();

  ForeignNames(RecordedFiles recorded) {
    this.recorded = recorded;
  }

  /** {@return a free name of a snapshot} The box is new, so that it has no other snapshots. */
  SnapshotName snapshot(BoxId box, String text) {
    return new SnapshotName(free(text, "snapshot", name -> given.add(box.value() + "/" + name)));
  }

  /** {@return a free key of a rootfs entry} */
  RootfsKey rootfs(String text) {
    return RootfsKey.of(
        free(
            text,
            "rootfs",
            name -> !recorded.isTaken(new RootfsKey(name)) && given.add("/" + name)));
  }

  private static String free(String text, String otherwise, Predicate<String> isFree) {
    String name = Optional.of(safe(text)).filter(safe -> !safe.isEmpty()).orElse(otherwise);
    String wanted = name;
    int number = 1;
    while (!isFree.test(wanted)) {
      number++;
      String suffix = "-" + number;
      wanted = cut(name, BaseName.MAX_BYTES - suffix.length()) + suffix;
    }
    return wanted;
  }

  private static String safe(String text) {
    String permitted = FORBIDDEN.matcher(text).replaceAll("-");
    String started = NOT_AT_START.matcher(permitted).replaceFirst("");
    return NOT_AT_END.matcher(cut(started, BaseName.MAX_BYTES)).replaceFirst("");
  }

  /** {@return the longest start of a text with at most a number of bytes in UTF-8} */
  private static String cut(String text, int bytes) {
    int end = text.length();
    while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > bytes) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end);
  }
}
