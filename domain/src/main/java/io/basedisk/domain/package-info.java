/**
 * The use cases: what an embedder and the command line can do, in terms of ports alone.
 *
 * <p>{@code model} has the words, {@code image} those of work on single image files, {@code port}
 * what is needed from outside, {@code chain} the backing chains, {@code gc} the policy and {@code
 * protocol} the crash-safe steps.
 */
@NullMarked
package io.basedisk.domain;

import org.jspecify.annotations.NullMarked;
