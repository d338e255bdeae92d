package io.basedisk.cli.manual;

import com.google.common.base.CharMatcher;
import java.util.Locale;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The manual page of a command: its help page in the usual sections of a manual.
 *
 * @param name the name of the page, {@code basedisk-box-create}
 * @param roff the content, for man(1)
 */
public record ManualPage(String name, String roff) {

  private static final CharMatcher BLANK = CharMatcher.is(' ');

  /**
   * Writes the page of a command.
   *
   * @param help the command's help page
   * @param version the program and its version
   * @return the page
   */
  public static ManualPage of(Help help, String version) {
    CommandText text = new CommandText(help);
    CommandSpec command = text.command();
    Roff page = new Roff();
    page.title(nameOf(command).toUpperCase(Locale.ROOT), version, "basedisk");
    page.section("NAME");
    page.line(nameOf(command) + " - " + text.summary());
    page.section("SYNOPSIS");
    text.synopsis().forEach(page::paragraph);
    page.section("DESCRIPTION");
    text.description().forEach(page::paragraph);
    page.section("OPTIONS");
    text.arguments()
        .forEach(argument -> page.term(CommandText.termOf(argument), CommandText.textOf(argument)));
    addCommands(text, page);
    addExitCodes(text, page);
    addFooter(text, page);
    addSeeAlso(command, page);
    return new ManualPage(nameOf(command), page.toString());
  }

  private static String nameOf(CommandSpec command) {
    return command.qualifiedName("-");
  }

  private static void addCommands(CommandText text, Roff page) {
    if (text.commands().isEmpty()) {
      return;
    }
    page.section("COMMANDS");
    text.commands()
        .forEach(command -> page.term(nameOf(command.command()) + "(1)", command.summary()));
  }

  private static void addExitCodes(CommandText text, Roff page) {
    if (!text.exitCodes().isEmpty()) {
      page.section("EXIT STATUS");
      text.exitCodes().forEach(page::term);
    }
  }

  private static void addFooter(CommandText text, Roff page) {
    if (!text.examples().isEmpty()) {
      page.section("EXAMPLES");
      page.literal(text.examples().stream().map(BLANK::trimLeadingFrom).toList());
    }
    if (!text.remarks().isEmpty()) {
      page.section("NOTES");
      text.remarks().forEach(page::paragraph);
    }
  }

  private static void addSeeAlso(CommandSpec command, Roff page) {
    if (command.parent() != null) {
      page.section("SEE ALSO");
      page.line(nameOf(command.parent()) + "(1)");
    }
  }
}
