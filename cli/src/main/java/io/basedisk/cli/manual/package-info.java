/** Manual pages, written from picocli's descriptions of the commands. */
@NullMarked
package io.basedisk.cli.manual;

import org.jspecify.annotations.NullMarked;
