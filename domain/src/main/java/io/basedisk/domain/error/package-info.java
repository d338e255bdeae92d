/**
 * What can go wrong, as unchecked exceptions under one sealed root; each kind has its exit code.
 */
@NullMarked
package io.basedisk.domain.error;

import org.jspecify.annotations.NullMarked;
