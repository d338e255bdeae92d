package io.basedisk.app.wiring;

import dagger.Module;
import dagger.Provides;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.sqlite.BoxLiteHomeReader;

/** Provides the standard reader of other programs' homes, which needs no home of ours. */
@Module
public interface ForeignHomesModule {

  // Not by @Inject: Dagger does not run in that module, and would put its code into this one's jar.
  @Provides
  @Standard
  static ForeignHomeReader foreignHomes() {
    return new BoxLiteHomeReader();
  }
}
