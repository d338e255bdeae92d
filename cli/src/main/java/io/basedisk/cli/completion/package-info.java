/** Scripts with which shells complete commands and options. */
@NullMarked
package io.basedisk.cli.completion;

import org.jspecify.annotations.NullMarked;
