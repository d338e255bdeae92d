package io.basedisk.domain.model;

/**
 * The operation that a change belongs to.
 *
 * @param operation the kind of operation
 * @param id the operation's id
 */
public record Cause(Operation operation, OperationId id) {}
