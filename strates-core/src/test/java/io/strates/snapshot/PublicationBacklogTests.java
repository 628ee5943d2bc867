package io.strates.snapshot;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.strates.snapshot.ResourcePublisher.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(60)
class PublicationBacklogTests {

	private static final ResourceKey<Integer> A = key("A");

	private final Semaphore writes = new Semaphore(0);

	private final ConcurrentLinkedQueue<Object> written = new ConcurrentLinkedQueue<>();

	private volatile boolean broken;

	/** Writes when it may. */
	private final class SlowCache extends Revisions {

		SlowCache(long maximum, Function<ResourceKey<?>, Freshness> freshness) {
			super(maximum, freshness);
		}

		@Override
		List<Written> write(Collection<? extends Revision<?>> candidates, long now, boolean force,
				boolean replaceEqual) {
			PublicationBacklogTests.this.writes.acquireUninterruptibly();
			if (PublicationBacklogTests.this.broken) {
				throw new IllegalStateException("broken");
			}
			candidates.forEach((each) -> PublicationBacklogTests.this.written.add(each.value()));
			return super.write(candidates, now, force, replaceEqual);
		}

	}

	private Scene scene(int backlog) {
		return new Scene((setup) -> setup.cache(SlowCache::new).backlog(backlog), Scene.counting("rest"));
	}

	private static CompletableFuture<List<PublishResult<?>>> submit(Scene scene, int value) {
		return scene.builder.publisher().publishAsync(List.of(ResourceUpdate.of(A, value, "live")), Order.FORCED);
	}

	/** Q1, Q8. */
	@Test
	void fullBacklogTakesNothing() {
		try (Scene scene = scene(2)) {
			CompletableFuture<?> first = submit(scene, 1);
			assertThat(scene.builder.health().pendingPublications()).isOne();
			assertThat(scene.builder.health().maxPendingPublications()).isEqualTo(2);
			CompletableFuture<?> second = submit(scene, 2);

			assertThatExceptionOfType(BacklogFullException.class).isThrownBy(() -> submit(scene, 3))
				.satisfies((ex) -> assertThat(ex.limit()).isEqualTo(2))
				.satisfies((ex) -> assertThat(ex.pending()).isEqualTo(2));
			this.writes.release(2);
			CompletableFuture.allOf(first, second).orTimeout(30, TimeUnit.SECONDS).join();

			assertThat(scene.builder.health().pendingPublications()).isZero();
			assertThat(this.written).containsExactly(1, 2);
			assertThat(scene.builder.build(A).get(A)).isEqualTo(2);
		}
	}

	/** Q2. */
	@Test
	void asManyAreTakenAsThereArePlaces() {
		CyclicBarrier all = new CyclicBarrier(20);
		try (Scene scene = scene(3)) {
			List<CompletableFuture<Boolean>> threads = IntStream.range(0, 20)
				.mapToObj((number) -> CompletableFuture.supplyAsync(() -> {
					try {
						all.await();
						return submit(scene, number) != null;
					}
					catch (BacklogFullException ex) {
						return false;
					}
					catch (Exception ex) {
						throw new CompletionException(ex);
					}
				}, (task) -> new Thread(task).start()))
				.toList();

			assertThat(threads.stream().map((each) -> each.orTimeout(30, TimeUnit.SECONDS).join()).filter((is) -> is))
				.hasSize(3);
			this.writes.release(3);
			assertThat(scene.builder.publisher().flush()).succeedsWithin(Duration.ofSeconds(30));
			assertThat(this.written).hasSize(3);
		}
	}

	/** Q4. */
	@Test
	void flushMayBeGivenUp() {
		try (Scene scene = scene(2)) {
			CompletableFuture<List<PublishResult<?>>> submitted = submit(scene, 1);
			CompletableFuture<Void> flushed = scene.builder.publisher().flush();

			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> flushed.get(10, TimeUnit.MILLISECONDS));
			flushed.cancel(true);
			assertThat(submitted).isNotDone();
			this.writes.release();

			assertThat(scene.builder.publisher().flush()).succeedsWithin(Duration.ofSeconds(30));
			assertThat(submitted).succeedsWithin(Duration.ofSeconds(30))
				.satisfies((results) -> assertThat(results.get(0).isPublished()).isTrue());
		}
	}

	@Test
	void emptyBacklogIsFlushed() {
		try (Scene scene = scene(1)) {
			assertThat(scene.builder.publisher().flush()).isCompleted();
			assertThat(scene.builder.publisher().publishAsync(List.of(), Order.NEWER))
				.succeedsWithin(Duration.ofSeconds(30))
				.satisfies((results) -> assertThat(results).isEmpty());
		}
	}

	/** Q5. */
	@Test
	void failureIsTheFutures() {
		this.broken = true;
		this.writes.release(1);
		try (Scene scene = scene(1)) {
			assertThat(submit(scene, 1)).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.havingRootCause()
				.withMessage("broken");
			assertThat(scene.builder.health().pendingPublications()).isZero();
			this.broken = false;
			this.writes.release(1);
			assertThat(submit(scene, 2)).succeedsWithin(Duration.ofSeconds(30));
		}
	}

	/** I16. */
	@Test
	void valueFromTheFutureIsRefusedByTheFuture() {
		try (Scene scene = scene(1)) {
			CompletableFuture<List<PublishResult<?>>> submitted = scene.builder.publisher()
				.publishAsync(
						List.of(ResourceUpdate.of(A, 1, "live"),
								ResourceUpdate.of(A, 1, "live").observedAt(scene.time.instant().plusSeconds(60))),
						Order.NEWER);

			assertThat(submitted).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.havingRootCause()
				.isInstanceOf(SourceProtocolException.class);
			assertThat(scene.builder.health().pendingPublications()).isZero();
		}
	}

	/** A value was observed when it was submitted, and not when it is written. */
	@Test
	void timeIsThatOfTheSubmission() {
		try (Scene scene = scene(1)) {
			CompletableFuture<List<PublishResult<?>>> submitted = submit(scene, 1);
			scene.time.advance(Duration.ofSeconds(5));
			this.writes.release();

			assertThat(submitted).succeedsWithin(Duration.ofSeconds(30))
				.satisfies((results) -> assertThat(results.get(0).current().observedAt())
					.isEqualTo(scene.time.instant().minusSeconds(5)));
		}
	}

	/** Q7, Q10. */
	@Test
	void whatWasTakenIsDoneWhenTheBuilderIsClosed() {
		Scene scene = scene(3);
		List<CompletableFuture<List<PublishResult<?>>>> submitted = Stream.of(1, 2, 3)
			.map((value) -> submit(scene, value))
			.toList();
		scene.close();
		scene.close();

		assertThatIllegalStateException().isThrownBy(() -> submit(scene, 4)).withMessageContaining("closed");
		this.writes.release(3);

		submitted.forEach((each) -> assertThat(each).succeedsWithin(Duration.ofSeconds(30)));
		assertThat(this.written).containsExactly(1, 2, 3);
		assertThat(scene.builder.publisher().flush()).succeedsWithin(Duration.ofSeconds(30));
	}

	/** What is submitted is done in its order. */
	@Test
	void firstSubmittedIsFirstPublished() {
		this.writes.release(500);
		try (Scene scene = scene(500)) {
			List<CompletableFuture<List<PublishResult<?>>>> submitted = IntStream.range(0, 500)
				.mapToObj((value) -> submit(scene, value))
				.toList();

			assertThat(submitted).hasSize(500);
			assertThat(scene.builder.publisher().flush()).succeedsWithin(Duration.ofSeconds(30));
			assertThat(this.written).containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
		}
	}

	@Test
	void backlogHasAPlace() {
		assertThatIllegalArgumentException().isThrownBy(() -> scene(0)).withMessageContaining("backlog is 0");
		try (Scene scene = new Scene(Scene.counting("rest"))) {
			assertThat(scene.builder.health().maxPendingPublications()).isEqualTo(1_024);
		}
	}

}
