package io.basedisk.domain.protocol;

import java.time.Duration;

/**
 * The timeout of the wait for another operation that has claimed the same box.
 *
 * @param length zero or more; with zero, a claimed box is refused at once
 */
public record OperationTimeout(Duration length) {}
