package io.basedisk.qcow2.os;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.FileIdentity;
import java.nio.file.Path;

/** A probe in pure Java, which can't find any user of a file. It does not open the file. */
record PortableProbe(Path path, FileIdentity identity) implements FileProbe {

  @Override
  public boolean tryShare(long position) throws LocksUnavailableException {
    throw unavailable();
  }

  @Override
  public void endShare(long position) {}

  @Override
  public boolean isLockedElsewhere(long position, long length) throws LocksUnavailableException {
    throw unavailable();
  }

  private LocksUnavailableException unavailable() {
    return new LocksUnavailableException(path, "Java has no calls for that");
  }

  @Override
  public Answer openedElsewhere(Usage usage) {
    return Answer.UNKNOWN;
  }

  @Override
  public ProcessesWithFileOpen processesWithFileOpen(Usage usage) {
    return new ProcessesWithFileOpen(ImmutableList.of(), false);
  }

  @Override
  public void close() {}
}
