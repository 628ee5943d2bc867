package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.strates.boot.shop.Shops;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionProgress;
import io.strates.gc.CollectionReport;
import io.strates.gc.GarbageCollector;
import io.strates.gc.RetentionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CollectionScheduleTests {

	@Test
	void scheduleCollectsWhatThePolicyDoesNotKeep() {
		Contexts.shop()
			.withPropertyValues("strates.gc.keep-releases=1", "strates.gc.schedule=* * * * * *",
					"strates.gc.batch-size=2")
			.run((context) -> {
				Shops.release(context, "berlin", 5, 10);
				Shops.release(context, "berlin", 7, 10);

				await().atMost(Duration.ofSeconds(30)).until(() -> products(context) == 7);

				assertThat(Shops.count(context, "berlin")).isEqualTo(7);
			});
	}

	@Test
	void nothingIsCollectedWhenTheScheduleIsOff() {
		Contexts.shop()
			.withPropertyValues("strates.gc.schedule=off")
			.run((context) -> assertThat(context.getBean(CollectionSchedule.class).isRunning()).isFalse());
	}

	@Test
	void scheduleStartsAgainAfterAPause() {
		Contexts.shop().run((context) -> {
			CollectionSchedule schedule = context.getBean(CollectionSchedule.class);

			schedule.stop();
			assertThat(schedule.isRunning()).isFalse();
			schedule.start();

			assertThat(schedule.isRunning()).isTrue();
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void stopAwaitsTheRunInHandWhichIsNoFailure(CapturedOutput output) throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		AtomicBoolean ended = new AtomicBoolean();
		CollectionSchedule schedule = new CollectionSchedule(new Collecting(begun, ended),
				new StratesProperties.Gc(3, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1),
						Duration.ofMinutes(5), 5000, Duration.ZERO, "* * * * * *"));
		schedule.start();
		begun.await();

		schedule.stop();

		assertThat(ended).isTrue();
		assertThat(output).doesNotContain("Garbage collection failed");
	}

	@Test
	void propertiesBecomeThePolicy() {
		Contexts.shop()
			.withPropertyValues("strates.gc.keep-releases=7", "strates.gc.keep-failed=1h",
					"strates.gc.keep-rejected=2h", "strates.gc.keep-unreleased=3h", "strates.gc.abandoned-after=4h")
			.run((context) -> assertThat(context.getBean(RetentionPolicy.class)).isEqualTo(new RetentionPolicy(7,
					Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3), Duration.ofHours(4))));
	}

	@Test
	void batchesHaveNoMoreRowsThanThePropertySaysAndTheNodeHoldsTheLease() {
		List<Long> batches = new CopyOnWriteArrayList<>();
		CollectionListener listener = new CollectionListener() {
			@Override
			public void progressed(CollectionProgress progress) {
				batches.add(progress.batch());
			}
		};
		Contexts.shop()
			.withBean(CollectionListener.class, () -> listener)
			.withPropertyValues("strates.node=blue", "strates.gc.keep-releases=1", "strates.gc.batch-size=3",
					"strates.gc.pause=1ms", "strates.gc.schedule=off")
			.run((context) -> {
				Shops.release(context, "berlin", 5, 10);
				Shops.release(context, "berlin", 7, 10);

				context.getBean(GarbageCollector.class).collect();

				assertThat(batches).containsExactly(3L, 2L, 1L);
				assertThat(context.getBean(JdbcClient.class)
					.sql("select owner from strates_task")
					.query(String.class)
					.single()).startsWith("blue run ");
			});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void collectionIsLoggedOnceIfItRemovedAnything(CapturedOutput output) {
		Contexts.shop()
			.withPropertyValues("strates.gc.keep-releases=1", "strates.gc.schedule=* * * * * *")
			.run((context) -> {
				Shops.release(context, "berlin", 5, 10);
				Shops.release(context, "berlin", 7, 10);

				await().atMost(Duration.ofSeconds(30)).until(() -> output.getAll().contains("1 builds with 6 rows"));
				context.getBean(GarbageCollector.class).collect();

				assertThat(output.getAll().lines().filter((line) -> line.contains("Garbage collection")))
					.singleElement()
					.asString()
					.contains("has removed 1 builds with 6 rows");
			});
	}

	@Test
	void dryRunTellsWhatWouldGo() {
		Contexts.shop().withPropertyValues("strates.gc.keep-releases=1").run((context) -> {
			Shops.release(context, "berlin", 5, 10);
			Shops.release(context, "berlin", 7, 10);

			CollectionReport report = context.getBean(GarbageCollector.class).dryRun();

			assertThat(report.builds()).filteredOn(CollectionReport.Entry::removed)
				.singleElement()
				.extracting(CollectionReport.Entry::rows)
				.isEqualTo(Map.of("product", 5L, "shop", 1L));
			assertThat(List.of(products(context))).containsExactly(12L);
		});
	}

	/** Collects until it is interrupted, and takes its time to end. */
	private record Collecting(CountDownLatch begun, AtomicBoolean ended) implements GarbageCollector {

		@Override
		public Optional<CollectionReport> collect() {
			this.begun.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
			}
			this.ended.set(true);
			throw new CancellationException("Interrupted between two batches");
		}

		@Override
		public CollectionReport dryRun() {
			throw new UnsupportedOperationException();
		}

	}

	private static long products(BeanFactory beans) {
		return beans.getBean(JdbcClient.class).sql("select count(*) from product").query(Long.class).single();
	}

}
