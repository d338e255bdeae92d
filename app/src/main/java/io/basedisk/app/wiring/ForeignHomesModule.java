package io.basedisk.app.wiring;

import dagger.Binds;
import dagger.Module;
import io.basedisk.domain.port.ForeignHomeReader;
import io.basedisk.sqlite.BoxLiteHomeReader;

/** Binds the standard reader of other programs' homes, which needs no home of ours. */
@Module
public interface ForeignHomesModule {

  @Binds
  @Standard
  ForeignHomeReader foreignHomes(BoxLiteHomeReader adapter);
}
