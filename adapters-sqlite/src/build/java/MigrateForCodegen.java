import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;

/**
 * Creates the database that jOOQ's generator reads: runs all migrations on an empty one.
 *
 * <p>Usage: {@code java MigrateForCodegen.java DATABASE MIGRATIONS_DIRECTORY}
 */
final class MigrateForCodegen {

  /** A strong reference: without one, the logging library may drop the logger and its level. */
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
