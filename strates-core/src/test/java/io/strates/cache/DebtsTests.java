package io.strates.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link Debts}. */
class DebtsTests {

	@Test
	void debtsOfAReplacedServerAreNotPaidBeforeThereCanBeAConnection() {
		List<Long> delays = new ArrayList<>();
		ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1) {
			@Override
			public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
				delays.add(unit.toMillis(delay));
				return super.schedule(command, 1, TimeUnit.HOURS);
			}
		};
		Debts debts = new Debts((keys) -> CompletableFuture.completedFuture(null), scheduler, () -> List.of("all"),
				() -> 0, () -> {
				});

		debts.oweAll();
		scheduler.shutdownNow();

		assertThat(debts.size()).isEqualTo(1);
		assertThat(delays).hasSize(1).allMatch((millis) -> millis > 0);
	}

}
