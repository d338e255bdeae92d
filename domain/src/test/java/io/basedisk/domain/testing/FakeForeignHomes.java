package io.basedisk.domain.testing;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskKind;
import io.basedisk.domain.model.ForeignHome;
import io.basedisk.domain.model.ForeignHome.ForeignBase;
import io.basedisk.domain.model.ForeignHome.ForeignBox;
import io.basedisk.domain.port.DiskFiles;
import io.basedisk.domain.port.ForeignHomeReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads homes of another program whose database is a text file: one line for each record, with its
 * fields separated by tabs. An empty field is null.
 */
public final class FakeForeignHomes implements ForeignHomeReader {

  private static final int LIMIT = 1 << 20;

  private final DiskFiles files;

  FakeForeignHomes(DiskFiles files) {
    this.files = files;
  }

  /** Returns the database of a home. */
  public static Path database(Path home) {
    return home.resolve("db/boxlite.db");
  }

  /** Returns the text of a database. */
  public static byte[] text(ForeignHome home) {
    Stream<String> boxes =
        home.boxes().stream()
            .map(
                box ->
                    line(
                        "box",
                        box.id(),
                        box.name(),
                        box.directory(),
                        box.status(),
                        String.valueOf(box.createdAt())));
    Stream<String> bases =
        home.bases().stream()
            .map(
                base ->
                    line(
                        "base",
                        base.box(),
                        base.name(),
                        base.kind().label(),
                        base.path(),
                        String.valueOf(base.createdAt())));
    return String.join("\n", Stream.concat(boxes, bases).toList()).getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String... fields) {
    return String.join("\t", Stream.of(fields).map(field -> field == null ? "" : field).toList());
  }

  @Override
  public ForeignHome read(Path home) {
    String text = new String(files.read(database(home), LIMIT), StandardCharsets.UTF_8);
    ImmutableList<List<String>> lines =
        Splitter.on('\n')
            .omitEmptyStrings()
            .splitToStream(text)
            .map(line -> Splitter.on('\t').splitToList(line))
            .collect(toImmutableList());
    return new ForeignHome(
        lines.stream()
            .filter(line -> line.get(0).equals("box"))
            .map(
                line ->
                    new ForeignBox(
                        line.get(1),
                        orNull(line.get(2)),
                        orNull(line.get(3)),
                        orNull(line.get(4)),
                        Long.parseLong(line.get(5))))
            .collect(toImmutableList()),
        lines.stream()
            .filter(line -> line.get(0).equals("base"))
            .map(
                line ->
                    new ForeignBase(
                        line.get(1),
                        orNull(line.get(2)),
                        BaseDiskKind.ofLabel(line.get(3)),
                        line.get(4),
                        Long.parseLong(line.get(5))))
            .collect(toImmutableList()));
  }

  private static String orNull(String field) {
    return field.isEmpty() ? null : field;
  }
}
