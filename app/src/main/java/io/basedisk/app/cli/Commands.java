package io.basedisk.app.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, each with the root command that has the options of all. */
final class Commands implements IFactory {

  private final RootCommand root;

  Commands(RootCommand root) {
    this.root = root;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == RootCommand.class) {
        return type.cast(constructor.newInstance(root));
      }
    }
    return CommandLine.defaultFactory().create(type);
  }
}
