/**
 * The embedding API: {@link io.basedisk.app.BaseDisks} opens a home and gives its use cases, with
 * the standard adapters or with replacements for any of them.
 */
@NullMarked
package io.basedisk.app;

import org.jspecify.annotations.NullMarked;
