/**
 * The wiring: which class stands behind each port, and how a home is opened with it.
 *
 * <p>Start at {@code Settings}, which has what an embedder has set and replaced. There is a Dagger
 * module for each part of the adapters: {@code FilesModule}, {@code LocksModule}, {@code
 * ImagesModule} and {@code StoreModule}; {@code HomeModule} has what belongs to the domain. Each
 * gives a port its replacement, or else the standard adapter, which is made only then. {@code
 * UnopenedHomeModule} is for work on a home that can't be opened.
 *
 * <p>Nothing outside this package knows an adapter.
 */
@NullMarked
package io.basedisk.app.wiring;

import org.jspecify.annotations.NullMarked;
