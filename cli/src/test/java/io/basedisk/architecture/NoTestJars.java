package io.basedisk.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out the test-jars of other modules, which the class path has in whichever form. */
public final class NoTestJars implements ImportOption {

  @Override
  public boolean includes(Location location) {
    return !location.contains("test-classes") && !location.contains("-tests.jar");
  }
}
