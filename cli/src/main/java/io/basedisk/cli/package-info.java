/**
 * The command line: one class a noun, with its commands inside.
 *
 * <p>A command parses its arguments, calls a use case and gives the result to {@code render} as a
 * document, which is text for people or JSON for programs.
 *
 * <p>The folder {@code cli/src/launcher} has what starts the program, and what makes a start fast.
 */
@NullMarked
package io.basedisk.cli;

import org.jspecify.annotations.NullMarked;
