package io.basedisk.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, as its jar's manifest has it. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"basedisk " + (version == null ? "(not packaged)" : version)};
  }
}
