/**
 * The wiring: which adapter implements each port, and how a home is opened.
 *
 * <p>Each adapter has a Dagger module: {@code Qcow2Module} and {@code SqliteModule} bind its
 * classes as {@code @Standard}. {@code PortsModule} provides each port: the replacement in {@code
 * Settings}, or else the standard adapter. {@code HomeModule} provides the rest of the domain's
 * needs. {@code HomeDirectory} finds or creates the home, and {@code OpenResources} closes it.
 * {@code UnopenedHomeModule} and {@code HomeDatabase} are for a home that can't be opened.
 *
 * <p>No code outside this package depends on an adapter.
 */
@NullMarked
package io.basedisk.app.wiring;

import org.jspecify.annotations.NullMarked;
