/**
 * The store in an SQLite database: {@link io.basedisk.sqlite.SqliteBaseDiskStore}.
 *
 * <p>{@code Schema} brings a database to the schema that this code knows, {@code Connections} hands
 * out connections with the right settings, {@code Session} is one transaction on one of them. The
 * {@code ...Rows} classes work on a group of tables each within it; {@code SqliteTransaction}
 * offers them as the parts of the store. Where the schema refuses a change, {@code BaseConflicts}
 * and {@code IntentConflicts} find out why. The classes for the tables themselves are generated
 * from the migrations.
 *
 * <p>Statements are jOOQ's: built with its DSL and run by it, on a {@code
 * StatementCachingConnection}, which keeps them prepared. Only those that a fork or a clone runs
 * are {@code HotStatement}s, which jOOQ renders once. {@code BEGIN}, {@code COMMIT} and {@code
 * ROLLBACK} are run as they are.
 */
@NullMarked
package io.basedisk.sqlite;

import org.jspecify.annotations.NullMarked;
