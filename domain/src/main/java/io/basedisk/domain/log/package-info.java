/**
 * The log of a home: which change was made, when, and by which operation.
 *
 * <p>{@code LogWriter} appends an entry in the transaction that makes the change, so that an entry
 * exists if and only if its change happened. {@code HomeLog} lists the entries for embedders. An
 * event, in contrast, is sent after the transaction, and a crash can lose it.
 */
@NullMarked
package io.basedisk.domain.log;

import org.jspecify.annotations.NullMarked;
