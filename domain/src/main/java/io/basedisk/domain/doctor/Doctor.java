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
import io.basedisk.domain.model.Intent;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.EventListener;
import io.basedisk.domain.port.Progress;
import io.basedisk.domain.protocol.Operations;
import java.util.Optional;
import javax.inject.Inject;
import javax.inject.Provider;
import javax.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Examines a home for every disagreement between store, files and headers, and mends what can be
 * mended without a loss. Safe for many threads, and while operations are under way.
 *
 * <p>Progress counts bytes of the files of bases. An interrupt of the thread ends an examination.
 */
@Singleton
public final class Doctor {

  /** A repair that mends something can make something else to be mended visible. */
  private static final int ROUNDS = 10;

  /** How closely to look. */
  public enum Depth {
    /** At the store, the file system and the images' metadata. */
    METADATA,
    /** Also at every byte of every base, against its digest; the first time, this records it. */
    CONTENT
  }

  /**
   * What an examination found.
   *
   * @param findings what is left to be mended
   * @param repaired what was mended
   */
  public record Report(ImmutableList<Finding> findings, ImmutableList<Finding> repaired) {}

  /**
   * An operation that was settled, or whose intent was dropped.
   *
   * @param box the first box that it was about; null if it was about none
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

  /** {@link #examine(Depth, Progress)} without progress. */
  public Report examine(Depth depth) {
    return examine(depth, Progress.NONE);
  }

  /**
   * Examines the home, and changes nothing but digests that were not recorded yet. In a home that
   * may not be changed, that is the first finding, and nothing is changed; a read-only file system
   * is no finding.
   *
   * @throws InterruptedOperationException if the thread is interrupted; it stays so
   */
  public Report examine(Depth depth, Progress progress) {
    return new Report(look(depth, digests.get(), progress), ImmutableList.of());
  }

  /** {@link #repair(Depth, Progress)} without progress. */
  public Report repair(Depth depth) {
    return repair(depth, Progress.NONE);
  }

  /**
   * Examines the home and mends what can be mended without a loss.
   *
   * @throws HomeUnusableException if the home may not be changed
   * @throws InterruptedOperationException if the thread is interrupted; it stays so, and what was
   *     mended before stays mended
   */
  public Report repair(Depth depth, Progress progress) {
    gate.requireChangeable();
    Digests known = digests.get();
    ImmutableList.Builder<Finding> repaired = ImmutableList.builder();
    ImmutableList<Finding> left = look(depth, known, progress);
    for (int round = 0; round < ROUNDS; round++) {
      ImmutableList<Finding> mended = mend(left);
      if (mended.isEmpty()) {
        break;
      }
      repaired.addAll(mended);
      left = look(depth, known, Progress.NONE);
    }
    return new Report(left, repaired.build());
  }

  /**
   * Takes the content that a base has now as its content: records the length, modification time and
   * digest of its file. For a base that was changed since it was recorded and has no recorded
   * digest.
   *
   * @return what was wrong
   * @throws NotFoundException if there is no such base, or its file is missing
   * @throws RefusedException if it was not changed, a digest of it is recorded, or a process writes
   *     to its file
   * @throws InvalidImageException if its file is no valid image, or stands on another file than was
   *     recorded
   * @throws HomeUnusableException if the home may not be changed
   * @throws InterruptedOperationException if the thread is interrupted; it stays so
   */
  public Finding acceptChanged(BaseDiskId base, Progress progress) {
    gate.requireChangeable();
    return told(acceptance.accept(base, digests.get(), progress), "take its content as it is now");
  }

  /**
   * Drops the intent of an operation whose owner is dead and that can't be settled. An operation
   * that can be settled is settled. The disk stays as it is now, and no file goes that a header
   * names.
   *
   * @throws NotFoundException if there is no such operation
   * @throws RefusedException if its owner is alive
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
    // What an operation under way made look wrong is not found twice.
    ImmutableSet<Finding> again =
        ImmutableSet.copyOf(examinations.begin(known, depth, problem).run(Progress.NONE));
    return findings.stream().filter(again::contains).collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<Finding> mend(ImmutableList<Finding> findings) {
    ImmutableList.Builder<Finding> mended = ImmutableList.builder();
    for (Finding finding : findings) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedOperationException("the repair was interrupted");
      }
      Repair repair = finding.repair();
      if (repair != null && repairs.tryApply(repair)) {
        mended.add(told(finding, repair.describe()));
      }
    }
    return mended.build();
  }

  private Finding told(Finding mended, String how) {
    listener.on(new Event.Repaired(Optional.empty(), mended.file(), mended.detail(), how));
    return mended;
  }
}
