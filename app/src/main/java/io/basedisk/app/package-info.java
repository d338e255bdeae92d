/**
 * The API for embedders. Start at {@link io.basedisk.app.BaseDisks}, which opens a home and returns
 * its use cases.
 *
 * <p>{@link io.basedisk.app.BaseDisks.Builder} replaces ports and adds listeners, for example a
 * {@link io.basedisk.app.LoggingListener}. {@link io.basedisk.app.RelocatableHome} is for a home
 * that was moved or copied, {@link io.basedisk.app.HomeRebuild} for a home whose store is lost. The
 * two Dagger components put the objects together, with the modules of the package {@code wiring}.
 */
@NullMarked
package io.basedisk.app;

import org.jspecify.annotations.NullMarked;
