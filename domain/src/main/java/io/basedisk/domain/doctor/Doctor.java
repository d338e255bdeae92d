package io.basedisk.domain.doctor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.basedisk.domain.error.HomeUnusableException;
import io.basedisk.domain.error.InterruptedOperationException;
import io.basedisk.domain.error.InvalidImageException;
import io.basedisk.domain.error.NotFoundException;
import io.basedisk.domain.error.RefusedException;
import io.basedisk.domain.event.Event;
import io.basedisk.domain.home.HomeGate;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.model.intent.Intent;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Operations;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Examines a home for disagreements between store, files and headers, and repairs those that can be
 * repaired without loss. Thread-safe; operations may be under way.
 *
 * <p>Progress counts bytes of the bases' files. An interrupt of the thread ends an examination.
 */
@Singleton
public final class Doctor {

  /** The limit of rounds: each repair can make another finding visible. */
  private static final int ROUNDS = 10;

  /** How much an examination reads. */
  public enum Depth {
    /** The store, the file system and the images' metadata. */
    METADATA,
    /** Also every byte of every base, to compare its digest. Records missing digests. */
    CONTENT
  }

  /**
   * The result of an examination.
   *
   * @param findings what is still wrong
   * @param repaired what was repaired
   */
  public record Report(ImmutableList<Finding> findings, ImmutableList<Finding> repaired) {}

  /**
   * An operation that was settled, or whose intent was dropped.
   *
   * @param operation the operation
   * @param box the first box of the operation; null if it has none
   */
  public record Settled(OperationId operation, @Nullable BoxId box) {}

  private final EventListener listener;
  private final HomeGate gate;
  private final Operations operations;
  private final Examinations examinations;
  private final Provider<Digests> digests;
  private final Repairs repairs;
  private final Acceptance acceptance;
  private final StuckOperations stuck;

  @Inject
  Doctor(
      EventListener listener,
      HomeGate gate,
      Operations operations,
      Examinations examinations,
      Provider<Digests> digests,
      Repairs repairs,
      Acceptance acceptance,
      StuckOperations stuck) {
    this.listener = listener;
    this.gate = gate;
    this.operations = operations;
    this.examinations = examinations;
    this.digests = digests;
    this.repairs = repairs;
    this.acceptance = acceptance;
    this.stuck = stuck;
  }

  /**
   * Examines as {@link #examine(Depth, Progress)} does, without progress.
   *
   * @param depth how much to read
   * @return the findings
   */
  public Report examine(Depth depth) {
    return examine(depth, Progress.NONE);
  }

  /**
   * Examines the home. Changes nothing, except that it records missing digests. If the home may not
   * be changed, that is the first finding and no digest is recorded; a read-only file system is no
   * finding.
   *
   * @param depth how much to read
   * @param progress gets the bytes examined
   * @return the findings
   * @throws InterruptedOperationException if the thread is interrupted; the interrupt status stays
   *     set
   */
  public Report examine(Depth depth, Progress progress) {
    return new Report(look(depth, digests.get(), progress), ImmutableList.of());
  }

  /**
   * Repairs as {@link #repair(Depth, Progress)} does, without progress.
   *
   * @param depth how much to read
   * @return what was repaired, and what is still wrong
   */
  public Report repair(Depth depth) {
    return repair(depth, Progress.NONE);
  }

  /**
   * Examines the home and repairs what can be repaired without loss.
   *
   * @param depth how much to read
   * @param progress gets the bytes examined
   * @return what was repaired, and what is still wrong
   * @throws HomeUnusableException if the home may not be changed
   * @throws InterruptedOperationException if the thread is interrupted; the interrupt status stays
   *     set, and earlier repairs stay
   */
  public Report repair(Depth depth, Progress progress) {
    gate.requireChangeable();
    Digests known = digests.get();
    ImmutableList.Builder<Finding> repaired = ImmutableList.builder();
    ImmutableList<Finding> left = look(depth, known, progress);
    for (int round = 0; round < ROUNDS; round++) {
      ImmutableList<Finding> now = repairAll(left);
      if (now.isEmpty()) {
        break;
      }
      repaired.addAll(now);
      left = look(depth, known, Progress.NONE);
    }
    return new Report(left, repaired.build());
  }

  /**
   * Accepts a base's present content: records the length, modification time and digest of its file.
   * This is for a base that changed after it was recorded and has no recorded digest.
   *
   * @param base the base
   * @param progress gets the bytes read
   * @return what was wrong
   * @throws NotFoundException if there is no such base, or its file is missing
   * @throws RefusedException if the base has not changed, has a recorded digest, or is open for
   *     writing in a process
   * @throws InvalidImageException if its file is not a valid image, or backs onto another file than
   *     its record says
   * @throws HomeUnusableException if the home may not be changed
   * @throws InterruptedOperationException if the thread is interrupted; the interrupt status stays
   *     set
   */
  public Finding acceptChanged(BaseDiskId base, Progress progress) {
    gate.requireChangeable();
    return reported(
        acceptance.accept(base, digests.get(), progress), "take its content as it is now");
  }

  /**
   * Settles an interrupted operation or, if its files allow no verdict, drops its intent. Then the
   * disk stays as it is, and no file that a header names is deleted.
   *
   * @param operation the operation
   * @return the operation and its first box
   * @throws NotFoundException if there is no such operation
   * @throws RefusedException if the operation's process is alive
   * @throws HomeUnusableException if the home may not be changed
   */
  public Settled settle(OperationId operation) {
    Intent intent = operations.giveUp(operation, stuck::drop);
    return new Settled(operation, intent.boxes().isEmpty() ? null : intent.boxes().get(0).box());
  }

  private ImmutableList<Finding> look(Depth depth, Digests known, Progress progress) {
    HomeUnusableException problem = gate.problem().orElse(null);
    operations.recover();
    ImmutableList<Finding> findings = examinations.begin(known, depth, problem).run(progress);
    if (findings.isEmpty()) {
      return findings;
    }
    // A second examination drops findings that were caused by operations under way.
    ImmutableSet<Finding> again =
        ImmutableSet.copyOf(examinations.begin(known, depth, problem).run(Progress.NONE));
    return findings.stream().filter(again::contains).collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<Finding> repairAll(ImmutableList<Finding> findings) {
    ImmutableList.Builder<Finding> repaired = ImmutableList.builder();
    for (Finding finding : findings) {
      InterruptedOperationException.throwIfInterrupted(() -> "the repair was interrupted");
      Repair repair = finding.repair();
      if (repair != null && repairs.tryApply(repair)) {
        repaired.add(reported(finding, repair.describe()));
      }
    }
    return repaired.build();
  }

  private Finding reported(Finding repaired, String how) {
    listener.on(new Event.Repaired(Optional.empty(), repaired.file(), repaired.detail(), how));
    return repaired;
  }
}
