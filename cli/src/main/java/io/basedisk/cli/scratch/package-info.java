/** Private directories for temporary files, deleted when the program ends. */
@NullMarked
package io.basedisk.cli.scratch;

import org.jspecify.annotations.NullMarked;
