package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.error.BaseDiskException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * What a command takes: its parameters by their place, its options by their names, in the order in
 * which its help tells of them. Each is read from its text by a parser, whose {@link
 * BaseDiskException} says what is wrong with that.
 */
final class Arguments {

  private final CommandSpec command;
  private final ScopeType scope;

  /**
   * @param scope whether the commands under this one take the same
   */
  Arguments(CommandSpec command, ScopeType scope) {
    this.command = command;
    this.scope = scope;
  }

  // Parameters.

  /** Takes a parameter that has to be given. */
  <T> Argument<T> parameter(String label, Function<String, T> parser, String description) {
    return add(nextParameter("1", label, parser, description).required(true));
  }

  /** Takes a parameter that need not be given: the last one. */
  <T> Argument<T> optionalParameter(String label, Function<String, T> parser, String description) {
    return add(nextParameter("0..1", label, parser, description));
  }

  /** Takes any number of further parameters. */
  <T> Argument<List<T>> furtherParameters(
      String label, Function<String, T> parser, String description) {
    return add(
        nextParameter("0..1", label, parser, description)
            .index(command.positionalParameters().size() + "..*")
            .type(List.class)
            .auxiliaryTypes(Object.class));
  }

  private PositionalParamSpec.Builder nextParameter(
      String arity, String label, Function<String, ?> parser, String description) {
    return PositionalParamSpec.builder()
        .index(String.valueOf(command.positionalParameters().size()))
        .arity(arity)
        .paramLabel(label)
        .converters(converter(parser))
        .description(description);
  }

  private <T> Argument<T> add(PositionalParamSpec.Builder builder) {
    PositionalParamSpec parameter = builder.build();
    command.addPositional(parameter);
    return new Argument<>(parameter);
  }

  // Options.

  /** Takes an option with a value. */
  <T> Argument<T> option(
      String name, String label, Function<String, T> parser, String description) {
    return option(ImmutableList.of(name), label, parser, description);
  }

  /** Takes an option that has several names. */
  <T> Argument<T> option(
      List<String> names, String label, Function<String, T> parser, String description) {
    return add(withValue(names, label, parser, description));
  }

  /** Takes an option that has to be given. */
  <T> Argument<T> requiredOption(
      String name, String label, Function<String, T> parser, String description) {
    return add(withValue(ImmutableList.of(name), label, parser, description).required(true));
  }

  /** Takes an option that may be repeated. */
  <T> Argument<List<T>> repeatableOption(
      String name, String label, Function<String, T> parser, String description) {
    return add(
        withValue(ImmutableList.of(name), label, parser, description)
            .type(List.class)
            .auxiliaryTypes(Object.class));
  }

  /** Takes an option without a value. */
  Argument<Boolean> flag(String name, String description) {
    return add(OptionSpec.builder(name).type(boolean.class).description(description));
  }

  /** Takes the options that every command has for help. */
  void help() {
    add(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help message and exit."));
    add(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print version information and exit."));
  }

  private static OptionSpec.Builder withValue(
      List<String> names, String label, Function<String, ?> parser, String description) {
    return OptionSpec.builder(names.toArray(String[]::new))
        .arity("1")
        .paramLabel(label)
        .converters(converter(parser))
        .description(description);
  }

  private <T> Argument<T> add(OptionSpec.Builder builder) {
    OptionSpec option = builder.scopeType(scope).build();
    command.addOption(option);
    return new Argument<>(option);
  }

  private static ITypeConverter<?> converter(Function<String, ?> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (BaseDiskException | InvalidPathException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }
}
