package io.basedisk.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, from its jar's manifest. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"basedisk " + (version == null ? "(not packaged)" : version)};
  }
}
