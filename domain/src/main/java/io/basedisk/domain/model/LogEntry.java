package io.basedisk.domain.model;

import java.time.Instant;

/**
 * An entry of the log of a home.
 *
 * @param number the entry's number, at least 1. A later entry has a greater number.
 * @param at time of the change, in whole seconds, by the clock of the process that made it
 * @param change what happened
 */
public record LogEntry(long number, Instant at, LoggedChange change) {}
