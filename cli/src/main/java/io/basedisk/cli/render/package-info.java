/**
 * The output of commands. Each result is a {@link io.basedisk.cli.render.Document}, which is text
 * for people or JSON for programs. {@link io.basedisk.cli.render.RemedyText} has the words of the
 * hints.
 */
@NullMarked
package io.basedisk.cli.render;

import org.jspecify.annotations.NullMarked;
