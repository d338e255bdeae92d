package io.basedisk.domain.rootfs;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.basedisk.domain.base.NewBaseIds;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.RootfsKey;
import io.basedisk.domain.model.intent.AddRootfsIntent;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.protocol.AddRootfsProtocol;
import io.basedisk.domain.protocol.Operations;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Makes an entry, unless the cache has it by then. Thread-safe. */
final class NewRootfs {

  private final Operations operations;
  private final AddRootfsProtocol adding;
  private final NewBaseIds ids;

  @Inject
  NewRootfs(Operations operations, AddRootfsProtocol adding, NewBaseIds ids) {
    this.operations = operations;
    this.adding = adding;
    this.ids = ids;
  }

  /** Signals that an operation is unneeded, because the cache has the entry by now. */
  static final class AlreadyThere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AlreadyThere() {
      super(null, null, false, false);
    }
  }

  /**
   * Makes an entry with its own file, and returns the operation; empty if the cache has it by then.
   *
   * @param check checks the store in the transaction that claims the key; may throw {@link
   *     AlreadyThere}
   * @param maker makes the image
   * @param digest returns the digest of its content
   * @param origin as in {@link io.basedisk.domain.model.RootfsEntry}
   */
  @CanIgnoreReturnValue
  Optional<OperationId> make(
      RootfsKey key,
      Consumer<? super StoreTransaction> check,
      Consumer<Path> maker,
      Function<Path, String> digest,
      @Nullable String origin) {
    AddRootfsIntent intent = adding.plan(ids.unused(), key);
    try {
      operations.perform(intent, check, () -> adding.run(intent, maker, digest, origin));
      return Optional.of(intent.id());
    } catch (AlreadyThere e) {
      // Another process made it while this one waited.
      return Optional.empty();
    }
  }
}
