/**
 * The command line. Start at {@link io.basedisk.cli.Program}, which parses a command line and turns
 * its outcome into an exit code, and {@link io.basedisk.cli.Commands}, which names all commands.
 *
 * <p>Each noun has one class, with its commands inside. A {@link io.basedisk.cli.Command} parses
 * its arguments, calls a use case and prints the result as a document of {@code render}, which is
 * text for people or JSON for programs. {@link io.basedisk.cli.RootCommand} has the global options
 * and opens the home.
 *
 * <p>The folder {@code cli/src/launcher} starts the program, and makes a start fast.
 */
@NullMarked
package io.basedisk.cli;

import org.jspecify.annotations.NullMarked;
