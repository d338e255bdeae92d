package io.basedisk.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.BaseDiskException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * The parameters and options of a command, in the order of its help page. A parser reads the value
 * of each from its text; the parser's {@link BaseDiskException} says what is wrong with the text.
 */
final class Arguments {

  private final CommandSpec command;
  private final ScopeType scope;

  /**
   * @param scope whether the commands under this one inherit the options
   */
  Arguments(CommandSpec command, ScopeType scope) {
    this.command = command;
    this.scope = scope;
  }

  // Parameters.

  /** Adds a required parameter. */
  <T> Argument<T> parameter(String label, Function<String, T> parser, String description) {
    return add(nextParameter("1", label, parser, description).required(true));
  }

  /** Adds an optional parameter, which must be the last. */
  <T> Argument<T> optionalParameter(String label, Function<String, T> parser, String description) {
    return add(nextParameter("0..1", label, parser, description));
  }

  /** Adds one parameter or more, which must be the last. */
  <T> Argument<List<T>> parameters(String label, Function<String, T> parser, String description) {
    return add(
        nextParameter("1..*", label, parser, description)
            .index(command.positionalParameters().size() + "..*")
            .type(List.class)
            .auxiliaryTypes(Object.class)
            .required(true));
  }

  /** Adds any number of further parameters. */
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

  /** Adds an option with a value. */
  <T> Argument<T> option(
      String name, String label, Function<String, T> parser, String description) {
    return option(ImmutableList.of(name), label, parser, description);
  }

  /** Adds an option with several names. */
  <T> Argument<T> option(
      List<String> names, String label, Function<String, T> parser, String description) {
    return add(withValue(names, label, parser, description));
  }

  /** Adds a required option. */
  <T> Argument<T> requiredOption(
      String name, String label, Function<String, T> parser, String description) {
    return add(withValue(ImmutableList.of(name), label, parser, description).required(true));
  }

  /** Adds an option that may be repeated. */
  <T> Argument<List<T>> repeatableOption(
      String name, String label, Function<String, T> parser, String description) {
    return add(
        withValue(ImmutableList.of(name), label, parser, description)
            .type(List.class)
            .auxiliaryTypes(Object.class));
  }

  /** Adds an option that help does not show: an earlier name that scripts may still use. */
  <T> Argument<T> hiddenOption(String name, Function<String, T> parser) {
    return add(withValue(ImmutableList.of(name), "VALUE", parser, "").hidden(true));
  }

  /**
   * Adds an option whose value may be missing. The next word is the value only if it is one of
   * {@code values}; otherwise it is the command's next argument.
   *
   * @param missing the value if none follows
   */
  <T> Argument<T> optionWithOptionalValue(
      String name,
      String label,
      ImmutableSet<String> values,
      String missing,
      Function<String, T> parser,
      String description) {
    return add(
        OptionSpec.builder(name)
            .arity("0..1")
            .paramLabel(label)
            .type(Object.class)
            .parameterConsumer(
                (words, spec, command) ->
                    spec.setValue(
                        parser.apply(
                            !words.isEmpty() && values.contains(words.peek())
                                ? words.pop()
                                : missing)))
            .description(description));
  }

  /** Adds an option without a value that fails if it is given. */
  Argument<Boolean> refusedFlag(String name, String reason, String description) {
    return add(
        OptionSpec.builder(name)
            .arity("0")
            .type(boolean.class)
            .parameterConsumer(
                (words, spec, command) -> {
                  throw new ParameterException(command.commandLine(), reason);
                })
            .description(description));
  }

  /** Adds an option without a value. */
  Argument<Boolean> flag(String name, String description) {
    return flag(ImmutableList.of(name), description);
  }

  /** Adds an option without a value that has several names. */
  Argument<Boolean> flag(List<String> names, String description) {
    return add(
        OptionSpec.builder(names.toArray(String[]::new))
            .type(boolean.class)
            .description(description));
  }

  /** Adds the options {@code --help} and {@code --version}. */
  void help() {
    add(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help and exit."));
    add(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print the version and exit."));
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
