package io.basedisk.benchmarks;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.List;

/**
 * The start of the command line on a small home, compared with a program that only prints a line.
 */
final class StartWork implements Work {

  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  /** The program to compare with. */
  static final class Hello {

    private Hello() {}

    /** Prints a line. */
    public static void main(String[] args) {
      System.out.println("hello, world");
    }
  }

  @Override
  public ImmutableList<Row> measure(Session session) throws Exception {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    for (Path jdk : session.jdks()) {
      rows.add(measure(session, jdk));
    }
    return rows.build();
  }

  private static Row measure(Session session, Path jdk) throws Exception {
    Path home = session.place().fresh("small-home");
    Command basedisk =
        Command.of(session.root().resolve("basedisk").toString())
            .with("JAVA_HOME", jdk.toString())
            .with("BASEDISK_HOME", home.toString());
    for (String box : List.of("one", "two", "three")) {
      words(basedisk, "box", "create", box, "--size", "1G").run();
    }
    words(basedisk, "snapshot", "create", "one", "clean").run();
    Command ls = words(basedisk, "box", "ls");
    String java = jdk.resolve("bin/java").toString();
    // The directory of classes, since a jar takes longer to open.
    Path classes = session.root().resolve("benchmarks/target/classes");
    Command hello =
        Command.of(
            ImmutableList.<String>builder()
                .add(java)
                .addAll(OPTIONS)
                .add("-cp", classes.toString(), Hello.class.getName())
                .build());
    ImmutableList<Samples> times =
        Contest.run(session.place(), 3, 2 * session.rounds(), ls::time, hello::time);
    Place.remove(home);
    String version = Command.of(java, "-version").run().split("\"", 3)[1];
    return Row.seconds(Bar.BOX_LS, "JDK " + version, times.get(0), times.get(1), null);
  }

  private static Command words(Command program, String... more) {
    return new Command(
        ImmutableList.<String>builder().addAll(program.words()).add(more).build(),
        program.environment(),
        "");
  }
}
