/**
 * What the launcher of the command line needs inside the program's jar. The README of {@code
 * cli/src/launcher}, the folder of this package, says how a start works.
 */
@NullMarked
package io.basedisk.cli.launcher;

import org.jspecify.annotations.NullMarked;
