package io.basedisk.domain.testing;

import static io.basedisk.domain.testing.Records.box;
import static io.basedisk.domain.testing.Records.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import io.basedisk.domain.error.AlreadyExistsException;
import io.basedisk.domain.model.BaseFilter;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.OperationId;
import io.basedisk.domain.port.BaseDiskStore;
import io.basedisk.domain.port.StoreTransaction;
import io.basedisk.domain.port.StoreView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How transactions begin and end, and what others see of them. */
abstract class StoreTransactionsContract extends StoreContractPart {

  @Test
  void a_read_returns_the_result_of_its_work() {
    assertEquals("result", store().<String>read(view -> "result"));
  }

  @Test
  void a_write_returns_the_result_of_its_work() {
    assertEquals("result", store().<String>write(tx -> "result"));
  }

  @Test
  void the_result_may_be_null() {
    assertNull(store().<Object>read(view -> null));
    assertNull(store().<Object>write(tx -> null));
  }

  @Test
  void a_new_store_is_empty() {
    ImmutableList<Object> everything = read(StoreContractPart::everything);

    assertTrue(
        everything.stream().allMatch(list -> ((Iterable<?>) list).iterator().hasNext() == false));
  }

  @Test
  void a_transaction_sees_its_own_changes() {
    Object seen =
        store()
            .write(
                tx -> {
                  insertOneOfEach(tx);
                  return everything(tx);
                });

    assertEquals(read(StoreContractPart::everything), seen);
  }

  @Test
  void what_was_written_is_seen_by_other_store_objects() {
    BaseDiskStore other = another();

    write(StoreContractPart::insertOneOfEach);

    assertEquals(read(StoreContractPart::everything), other.read(StoreContractPart::everything));
  }

  @Test
  void what_was_written_is_there_after_the_store_was_closed() {
    write(StoreContractPart::insertOneOfEach);
    Object before = read(StoreContractPart::everything);

    store().close();

    assertEquals(before, another().<Object>read(StoreContractPart::everything));
  }

  static Stream<Throwable> failures() {
    return Stream.of(new UnsupportedOperationException("thrown by work"), new AssertionError(1));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void a_write_that_throws_leaves_nothing_of_itself(Throwable failure) {
    Object before = read(StoreContractPart::everything);

    assertThrows(
        failure.getClass(),
        () ->
            write(
                tx -> {
                  insertOneOfEach(tx);
                  throw unchecked(failure);
                }));

    assertEquals(before, read(StoreContractPart::everything));
  }

  @Test
  void a_write_that_throws_takes_nothing_away() {
    write(StoreContractPart::insertOneOfEach);
    Object before = read(StoreContractPart::everything);

    assertThrows(
        AssertionError.class,
        () ->
            write(
                tx -> {
                  tx.references().deleteOf(BoxId.of("box-1"));
                  tx.boxes().delete(BoxId.of("box-1"));
                  tx.intents().delete(new OperationId(7));
                  tx.pendingDeletes().delete(id("gone0001"));
                  tx.bases().demoteToCloneBase(id("base0001"));
                  tx.bases().deleteOf(BoxId.of("src"));
                  throw new AssertionError("thrown by work");
                }));

    assertEquals(before, read(StoreContractPart::everything));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void what_work_throws_reaches_the_caller_as_it_is(Throwable failure) {
    assertSame(
        failure,
        assertThrows(
            failure.getClass(),
            () ->
                store()
                    .read(
                        view -> {
                          throw unchecked(failure);
                        })));
    assertSame(
        failure,
        assertThrows(
            failure.getClass(),
            () ->
                store()
                    .write(
                        tx -> {
                          throw unchecked(failure);
                        })));
  }

  @Test
  void a_store_works_on_after_work_threw() {
    assertThrows(
        AssertionError.class,
        () ->
            store()
                .read(
                    view -> {
                      throw unchecked(new AssertionError());
                    }));
    assertThrows(
        AssertionError.class,
        () ->
            store()
                .write(
                    tx -> {
                      throw unchecked(new AssertionError());
                    }));

    write(tx -> insertBases(tx, "base0001"));

    assertEquals(ImmutableList.of("base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_transaction_with_a_failed_change_is_not_committed() {
    write(tx -> insertBases(tx, "base0001"));

    assertThrows(
        IllegalStateException.class,
        () ->
            write(
                tx -> {
                  insertBases(tx, "base0002");
                  assertThrows(AlreadyExistsException.class, () -> insertBases(tx, "base0001"));
                }));

    assertEquals(ImmutableList.of("base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_transaction_with_a_failed_change_is_of_no_more_use() {
    write(tx -> insertBases(tx, "base0001"));

    assertThrows(
        IllegalStateException.class,
        () ->
            write(
                tx -> {
                  assertThrows(AlreadyExistsException.class, () -> insertBases(tx, "base0001"));
                  insertBases(tx, "base0002");
                }));

    assertEquals(ImmutableList.of("base0001"), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_read_in_a_read_is_an_error() {
    assertThrows(IllegalStateException.class, () -> store().read(view -> read(v -> 1)));
  }

  @Test
  void a_write_in_a_read_is_an_error() {
    assertThrows(IllegalStateException.class, () -> store().read(view -> store().write(tx -> 1)));
  }

  @Test
  void a_read_in_a_write_is_an_error() {
    assertThrows(IllegalStateException.class, () -> store().write(tx -> read(view -> 1)));
  }

  @Test
  void a_write_in_a_write_is_an_error() {
    assertThrows(IllegalStateException.class, () -> store().write(tx -> store().write(inner -> 1)));
  }

  @Test
  void a_nested_write_does_nothing_and_its_error_undoes_the_outer_one() {
    assertThrows(
        IllegalStateException.class,
        () ->
            write(
                tx -> {
                  insertBases(tx, "base0001");
                  write(inner -> insertBases(inner, "base0002"));
                }));

    assertEquals(ImmutableList.of(), ids(view -> view.bases().list(BaseFilter.ALL)));
  }

  @Test
  void a_view_is_of_no_use_after_its_work() {
    StoreView leaked = store().<StoreView>read(view -> view);

    assertThrows(IllegalStateException.class, leaked.boxes()::list);
  }

  @Test
  void a_transaction_is_of_no_use_after_its_work() {
    StoreTransaction leaked = store().<StoreTransaction>write(tx -> tx);

    assertThrows(IllegalStateException.class, () -> insertBases(leaked, "base0001"));
  }

  @Test
  void a_transaction_is_of_no_use_to_another_thread() {
    write(
        tx ->
            assertThrows(
                IllegalStateException.class,
                () -> inAnotherThread(() -> insertBases(tx, "base0001"))));
  }

  @Test
  void a_read_shows_one_state_while_another_thread_writes() {
    Thread writer = new Thread(() -> write(tx -> insertBases(tx, "base0001")));

    ImmutableList<Boolean> seen =
        store()
            .read(
                view -> {
                  boolean before = view.bases().find(id("base0001")).isPresent();
                  writer.start();
                  // A store may let the writer wait for this read; it has its chance.
                  Uninterruptibles.joinUninterruptibly(writer, Duration.ofMillis(200));
                  return ImmutableList.of(before, view.bases().find(id("base0001")).isPresent());
                });
    Uninterruptibles.joinUninterruptibly(writer);

    assertEquals(ImmutableList.of(false, false), seen);
    assertTrue(read(view -> view.bases().find(id("base0001"))).isPresent());
  }

  @Test
  void a_write_that_has_not_ended_is_not_seen() {
    AtomicReference<Boolean> seen = new AtomicReference<>();
    Thread reader =
        new Thread(() -> seen.set(read(view -> view.bases().find(id("base0001")).isPresent())));

    assertThrows(
        AssertionError.class,
        () ->
            write(
                tx -> {
                  insertBases(tx, "base0001");
                  reader.start();
                  Uninterruptibles.joinUninterruptibly(reader, Duration.ofMillis(200));
                  throw new AssertionError("thrown by work");
                }));
    Uninterruptibles.joinUninterruptibly(reader);

    assertFalse(seen.get());
  }

  @Test
  void writes_of_many_threads_lose_no_increment() throws Exception {
    incrementFrom(
        ImmutableList.of(store(), store(), store(), store(), store(), store(), store(), store()),
        25);
  }

  @Test
  void writes_through_several_store_objects_lose_no_increment() throws Exception {
    incrementFrom(ImmutableList.of(store(), another(), another()), 20);
  }

  @Test
  void reads_see_whole_writes_while_many_threads_write() throws Exception {
    write(tx -> insertBoxes(tx, "c-0"));
    ExecutorService writer = Executors.newSingleThreadExecutor();
    Future<?> writing = writer.submit(() -> increment(store(), 100));

    while (!writing.isDone()) {
      assertEquals(1, read(view -> view.boxes().list()).size());
    }

    writing.get();
    writer.shutdown();
  }

  /** Counts up in one thread for each of {@code stores}, all at once. */
  private void incrementFrom(List<BaseDiskStore> stores, int times) throws Exception {
    write(tx -> insertBoxes(tx, "c-0"));
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(stores.size());
    List<Future<?>> counting = new ArrayList<>();
    for (BaseDiskStore one : stores) {
      counting.add(
          threads.submit(
              () -> {
                Uninterruptibles.awaitUninterruptibly(start);
                increment(one, times);
              }));
    }
    start.countDown();
    for (Future<?> one : counting) {
      one.get();
    }
    threads.shutdown();

    assertEquals(
        ImmutableList.of(box("c-" + stores.size() * times).build()),
        read(view -> view.boxes().list()));
  }

  /** The counter is the number in the name of the only box. */
  private void increment(BaseDiskStore one, int times) {
    for (int i = 0; i < times; i++) {
      one.change(
          tx -> {
            BoxId counter = tx.boxes().list().get(0).id();
            int count = Integer.parseInt(counter.value().substring(2));
            // Lets others come between, if they can.
            LockSupport.parkNanos(10_000);
            tx.boxes().delete(counter);
            insertBoxes(tx, "c-" + (count + 1));
          });
    }
  }

  private void inAnotherThread(Runnable work) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      thread.submit(work).get();
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      thread.shutdown();
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }
}
