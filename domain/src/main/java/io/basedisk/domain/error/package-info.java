/**
 * What can go wrong, as unchecked exceptions under one sealed root; each kind has its exit code. A
 * {@link io.basedisk.domain.error.Remedy} says what can be done about it, as data.
 */
@NullMarked
package io.basedisk.domain.error;

import org.jspecify.annotations.NullMarked;
