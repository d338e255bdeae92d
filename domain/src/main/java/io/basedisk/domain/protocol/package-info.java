/**
 * The crash protocols: the steps of each operation, their order, and how an interrupted operation
 * is settled.
 *
 * <p>Start at {@link io.basedisk.domain.protocol.Operations}: it performs an operation and recovers
 * interrupted ones; {@code HomeOpening} calls it when a home is opened. Each operation has a {@link
 * io.basedisk.domain.protocol.Protocol}, such as {@link io.basedisk.domain.protocol.ForkProtocol},
 * in three parts: {@code plan} makes an {@link io.basedisk.domain.model.intent.Intent} of the
 * operation's type, {@code run} performs the steps, and {@code settle} rolls an interrupted
 * operation back or forward. A use case asks the protocol for the intent, and calls {@code
 * Operations} with it.
 *
 * <p>{@code ReplaceDiskProtocol} has the common steps of restore and compaction, {@code
 * NewDiskProtocol} those of import and rootfs attachment. {@code ForkRecording} commits a fork to
 * the store. {@code BaseSeal} makes a base's file immutable; {@code ClaimedFiles} and {@code
 * DisksDirectories} check that a path still names the claimed file or directory; {@code
 * Temporaries} names temporary files. {@link io.basedisk.domain.protocol.Collector} and {@link
 * io.basedisk.domain.protocol.Orphans} delete without an intent: their steps can be repeated.
 * {@code OrphanCandidates} lists what may be an orphan, {@code ExplainedFiles} tells what is none.
 *
 * <p>A new operation needs a record type of {@code Intent}, a value of {@code Operation}, a {@code
 * Protocol} with its entry in {@code ProtocolRegistry}, and the decoding of its rows in each store.
 */
@NullMarked
package io.basedisk.domain.protocol;

import org.jspecify.annotations.NullMarked;
