/**
 * The wiring: which adapter implements each port, and how a home is opened.
 *
 * <p>Start at {@code Settings}, which has an embedder's settings and replacements. The Dagger
 * modules {@code FilesModule}, {@code LocksModule}, {@code ImagesModule} and {@code StoreModule}
 * provide the ports; {@code HomeModule} provides the rest of the domain's needs. For each port, a
 * module provides the replacement if there is one, and creates the standard adapter otherwise.
 * {@code HomeDirectory} finds or creates the home, and {@code OpenResources} closes it. {@code
 * UnopenedHomeModule} and {@code StandardStore} are for a home that can't be opened.
 *
 * <p>No code outside this package depends on an adapter.
 */
@NullMarked
package io.basedisk.app.wiring;

import org.jspecify.annotations.NullMarked;
