package io.basedisk.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Excludes the test-jars of other modules, in any form on the class path. */
public final class NoTestJars implements ImportOption {

  @Override
  public boolean includes(Location location) {
    return !location.contains("test-classes") && !location.contains("-tests.jar");
  }
}
