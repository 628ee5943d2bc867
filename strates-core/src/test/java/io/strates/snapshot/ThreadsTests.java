package io.strates.snapshot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class ThreadsTests {

	@Test
	void clockDoesNotWaitForWhatItWakes() throws Exception {
		try (Threads threads = new Threads()) {
			CountDownLatch second = new CountDownLatch(1);
			CompletableFuture<Boolean> first = new CompletableFuture<>();
			threads.after(0, () -> {
				try {
					first.complete(second.await(30, TimeUnit.SECONDS));
				}
				catch (InterruptedException ex) {
					first.completeExceptionally(ex);
				}
			});
			threads.after(1, second::countDown);

			assertThat(first.get(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void alarmThatIsTakenBackDoesNotRing() throws Exception {
		try (Threads threads = new Threads()) {
			CompletableFuture<Void> first = new CompletableFuture<>();
			CompletableFuture<Void> second = new CompletableFuture<>();
			Runnable back = threads.after(TimeUnit.MILLISECONDS.toNanos(50), () -> first.complete(null));
			back.run();
			threads.after(TimeUnit.MILLISECONDS.toNanos(60), () -> second.complete(null));

			second.get(30, TimeUnit.SECONDS);
			assertThat(first).isNotDone();
		}
	}

	@Test
	void closedThreadsWakeNobody() {
		Threads threads = new Threads();
		threads.close();

		threads.after(0, () -> {
			throw new AssertionError("woken");
		}).run();
		assertThat(threads.executor().isShutdown()).isTrue();
	}

}
