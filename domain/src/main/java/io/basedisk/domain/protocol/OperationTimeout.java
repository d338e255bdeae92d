package io.basedisk.domain.protocol;

import java.time.Duration;

/**
 * How long an operation waits for a box on which another operation is under way.
 *
 * @param length zero or more; with zero it is refused at once
 */
public record OperationTimeout(Duration length) {}
