import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;

/**
 * Makes the database that jOOQ's generator reads, by running the migrations on an empty one.
 *
 * <p>Usage: {@code java MigrateForCodegen.java DATABASE MIGRATIONS_DIRECTORY}
 */
final class MigrateForCodegen {

  /** Held here because the logging library would drop it, and its level, otherwise. */
  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  private MigrateForCodegen() {}

  public static void main(String[] args) throws IOException {
    FLYWAY.setLevel(Level.WARNING);
    Path database = Path.of(args[0]);
    Path migrations = Path.of(args[1]);
    Files.createDirectories(database.toAbsolutePath().getParent());
    Files.deleteIfExists(database);
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + database, null, null)
        .locations("filesystem:" + migrations)
        .load()
        .migrate();
  }
}
