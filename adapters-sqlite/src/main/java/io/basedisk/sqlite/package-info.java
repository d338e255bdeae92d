/**
 * The store in an SQLite database. Start at {@link io.basedisk.sqlite.SqliteBaseDiskStore}.
 *
 * <p>{@code Schema} migrates a database to the current schema. {@code Connections} is the pool of
 * connections, with the settings of {@code Database}. {@code Session} is one transaction on one
 * connection. Each {@code ...Rows} class has one group of tables in a session; {@code
 * SqliteTransaction} offers them as the parts of the store. {@code BaseColumns}, {@code
 * IntentInsertion} and {@code StoredIntent} convert between rows and the domain's records. If the
 * schema refuses a change, {@code BaseConflicts} and {@code IntentConflicts} find the error to
 * report. {@code SqliteErrors} translates all other errors. {@code ReadOnlyConnections} serves a
 * store that can't be written to. The classes of the tables are generated from the migrations.
 *
 * <p>jOOQ builds and runs the statements, on a {@code StatementCachingConnection}, which keeps them
 * prepared. Only the statements of a fork or a clone are {@code HotStatement}s, which jOOQ renders
 * once and JDBC runs. {@code BEGIN}, {@code COMMIT} and {@code ROLLBACK} run as plain SQL.
 */
@NullMarked
package io.basedisk.sqlite;

import org.jspecify.annotations.NullMarked;
