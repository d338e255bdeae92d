/** Backing chains: from a disk through its layers to the bases that it needs. */
@NullMarked
package io.basedisk.domain.chain;

import org.jspecify.annotations.NullMarked;
