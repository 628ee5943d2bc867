package io.strates.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tables whose next reader can be stopped when the database has given it the rows, and
 * before anybody else has them.
 */
final class SlowTables implements UnaryOperator<EntityTables> {

	private static final Set<String> READS = Set.of("load", "search");

	private final AtomicReference<@Nullable Stop> next = new AtomicReference<>();

	/** Stops the next reader. */
	Stop stopNext() {
		Stop stop = new Stop();
		this.next.set(stop);
		return stop;
	}

	@Override
	public EntityTables apply(EntityTables tables) {
		return new EntityTables() {
			@Override
			public <T> EntityTable<T, ?> table(Class<T> type) {
				return slow(tables.table(type));
			}
		};
	}

	@SuppressWarnings("unchecked")
	private <T> EntityTable<T, ?> slow(EntityTable<T, ?> table) {
		return (EntityTable<T, ?>) Proxy.newProxyInstance(EntityTable.class.getClassLoader(),
				new Class<?>[] { EntityTable.class }, (proxy, method, arguments) -> {
					try {
						Object result = method.invoke(table, arguments);
						if (READS.contains(method.getName())) {
							pass();
						}
						return result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private void pass() {
		Stop stop = this.next.getAndSet(null);
		if (stop != null) {
			stop.pass();
		}
	}

	/** Where one reader is stopped. */
	static final class Stop {

		private final CountDownLatch reached = new CountDownLatch(1);

		private final CountDownLatch open = new CountDownLatch(1);

		void awaitReader() throws InterruptedException {
			assertThat(this.reached.await(30, TimeUnit.SECONDS)).as("somebody read the table").isTrue();
		}

		void open() {
			this.open.countDown();
		}

		private void pass() {
			this.reached.countDown();
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
