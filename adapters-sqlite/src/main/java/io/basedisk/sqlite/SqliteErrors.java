package io.basedisk.sqlite;

import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.error.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.sqlite.SQLiteErrorCode;

/**
 * What SQLite's errors are in the words of the port.
 *
 * <p>As a listener it replaces jOOQ's exceptions at their origin, so that neither the work of a
 * transaction nor the rest of this package sees them.
 */
final class SqliteErrors implements ExecuteListener {

  private static final long serialVersionUID = 1L;

  /** The primary result code is the low byte of an extended one. */
  private static final int PRIMARY = 0xff;

  private final transient Path file;

  SqliteErrors(Path file) {
    this.file = file;
  }

  /** A rule of the schema that a statement would have broken; the statement did nothing. */
  static final class ConstraintViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConstraintViolation(SQLException cause) {
      super(cause.getMessage(), cause);
    }
  }

  @Override
  public void exception(ExecuteContext context) {
    SQLException e = context.sqlException();
    if (e != null) {
      context.exception(of(e));
    }
  }

  /** Returns what to throw for {@code e}. */
  RuntimeException of(SQLException e) {
    int code = e.getErrorCode() & PRIMARY;
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new RefusedException(file + ": the store is busy: other processes use it", e);
    }
    if (code == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      return new ConstraintViolation(e);
    }
    if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return new StorageException(file + ": is not an SQLite database", e);
    }
    return failure(e);
  }

  /** Returns that the store failed because of {@code e}. */
  StorageException failure(Exception e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return new StorageException(
        file + ": the store failed: " + reason.lines().findFirst().orElse(""), e);
  }
}
