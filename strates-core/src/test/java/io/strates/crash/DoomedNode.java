package io.strates.crash;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.BuildListener;
import io.strates.build.BuildOptions;
import io.strates.build.BuildProgress;
import io.strates.build.BuildTable;
import io.strates.dev.DevDatabase;
import io.strates.entity.StratifiedModel;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionProgress;
import io.strates.gc.GarbageCollector;
import io.strates.gc.RetentionPolicy;
import io.strates.internal.jdbc.Database;
import io.strates.release.ReleaseService;
import io.strates.release.ReleaseOptions;
import io.strates.release.ReleaseTable;
import io.strates.release.ReleaseWatcher;
import io.strates.release.RollbackTarget;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ShopStates;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.awaitility.Awaitility.await;

/**
 * A process that is killed. It writes what it has reached to its output, one line each.
 */
public final class DoomedNode {

	static final RetentionPolicy KEEP_THE_LIVE_ONE = new RetentionPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO,
			Duration.ofMillis(500));

	private static final PrintStream out = System.out;

	private DoomedNode() {
	}

	/**
	 * Runs until killed.
	 * @param args the URL, user and password of the database, what to do, and with what
	 */
	public static void main(String[] args) {
		DevDatabase database = new DevDatabase(args[0], args[1], args[2]);
		switch (args[3]) {
			case "build" -> build(database);
			case "seal" -> seal(database);
			case "release" -> release(database, UUID.fromString(args[4]), Integer.parseInt(args[5]));
			case "flip" -> flip(database);
			case "collect" -> collect(database, Integer.parseInt(args[4]));
			default -> throw new IllegalArgumentException(args[3]);
		}
	}

	private static TestNode node(DevDatabase database) {
		return options(database).build();
	}

	private static TestNode.Options options(DevDatabase database) {
		return TestNode.builder(database)
			.name("doomed")
			.chunkSize(20)
			.heartbeat(Duration.ofMillis(50))
			.property("hibernate.hbm2ddl.auto", "none");
	}

	/** Writes rows for ever, with two branches. */
	private static void build(DevDatabase database) {
		BuildListener listener = new BuildListener() {
			@Override
			public void progressed(BuildProgress progress) {
				out.println("rows " + progress.total());
			}
		};
		try (TestNode node = node(database);
				Build build = node.builds.open("catalog", "shop", BuildOptions.defaults().listener(listener))) {
			out.println("build " + build.buildStrate());
			Catalog catalog = new Catalog(1, "shop", 0);
			build.writer().write(catalog);
			build.branches()
				.branch("one",
						(writer) -> writer.writeAll(LongStream.iterate(1, (id) -> id + 2)
							.mapToObj((id) -> new Product(id, "p", 1, catalog))))
				.branch("two",
						(writer) -> writer.writeAll(LongStream.iterate(2, (id) -> id + 2)
							.mapToObj((id) -> new Product(id, "p", 1, catalog))))
				.run();
		}
	}

	/**
	 * Seals builds, each in a thread of its own that stops for ever before another step,
	 * until one is sealed because it has no such step.
	 */
	private static void seal(DevDatabase database) {
		AtomicReference<@Nullable StoppingDataSource> connections = new AtomicReference<>();
		try (TestNode node = options(database).poolSize(80).wrapper((target) -> {
			StoppingDataSource stopping = new StoppingDataSource(target);
			connections.set(stopping);
			return stopping;
		}).build()) {
			StoppingDataSource stopping = Objects.requireNonNull(connections.get());
			AtomicBoolean sealed = new AtomicBoolean();
			for (int step = 1; !sealed.get(); step++) {
				int stopBefore = step;
				CountDownLatch reached = new CountDownLatch(1);
				new Thread(() -> {
					Build build = node.builds.open("catalog", "shop");
					ShopStates.write(build.writer(), "shop", 5);
					build.writer().flush();
					stopping.stopBefore(stopBefore, (what) -> {
						out.println("before " + build.buildStrate() + " " + what);
						reached.countDown();
					});
					build.seal();
					sealed.set(true);
					out.println("sealed " + build.buildStrate());
					reached.countDown();
				}, "seal-" + step).start();
				reached.await();
			}
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Releases a build and stops for ever before a certain step. */
	private static void release(DevDatabase database, UUID build, int stopBefore) {
		StoppingDataSource stopping = new StoppingDataSource(dataSource(database));
		stopping.stopBefore(stopBefore, (what) -> out.println("before " + what));
		services(stopping).release(build, ReleaseOptions.defaults().overwrite());
		out.println("released");
	}

	/** Rolls back and forth for ever. */
	private static void flip(DevDatabase database) {
		ReleaseService releases = services(dataSource(database));
		for (long step = 0;; step++) {
			releases.rollBack("catalog", "shop", RollbackTarget.release(step % 2 + 1), "flip");
			out.println("flipped " + step);
		}
	}

	/**
	 * Collects all builds but the live one, in small batches, and stops for ever after
	 * some of them.
	 */
	private static void collect(DevDatabase database, int batches) {
		AtomicInteger left = new AtomicInteger(batches);
		CollectionListener listener = new CollectionListener() {
			@Override
			public void progressed(CollectionProgress progress) {
				out.println("removed " + progress.total());
				if (left.decrementAndGet() == 0) {
					stop();
				}
			}
		};
		try (TestNode node = node(database)) {
			// The one before may have died with the lease.
			await().atMost(Duration.ofSeconds(60)).until(() -> collector(node, listener).collect().isPresent());
			out.println("collected");
		}
	}

	private static void stop() {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static GarbageCollector collector(TestNode node, CollectionListener listener) {
		return node.collector()
			.policy(KEEP_THE_LIVE_ONE)
			.batchSize(25)
			.lease(Duration.ofSeconds(2))
			.owner("collector")
			.listener(listener)
			.build();
	}

	private static DataSource dataSource(DevDatabase database) {
		return new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
	}

	private static ReleaseService services(DataSource dataSource) {
		JdbcClient jdbc = JdbcClient.create(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		ReleaseTable releases = new ReleaseTable(jdbc, Database.POSTGRESQL);
		ReleaseWatcher watcher = new ReleaseWatcher(releases, transaction, null, Duration.ofHours(1), List.of());
		return ReleaseService.of(StratifiedModel.of(TestNode.SHOP), releases, new BuildTable(jdbc, Database.POSTGRESQL),
				transaction, watcher);
	}

	/** Stops a thread for ever before a certain one of its statements or commits. */
	private static final class StoppingDataSource extends DelegatingDataSource {

		private final ThreadLocal<@Nullable Stop> stops = new ThreadLocal<>();

		StoppingDataSource(DataSource target) {
			super(target);
		}

		/** Counts the steps of the current thread from here. */
		void stopBefore(int step, Consumer<String> told) {
			this.stops.set(new Stop(step, told));
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						Stop stop = this.stops.get();
						if (stop != null
								&& (method.getName().equals("commit") || method.getName().equals("prepareStatement"))) {
							stop.step((arguments != null) ? (String) arguments[0] : "commit");
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		/** Where a thread stops. */
		private static final class Stop {

			private final Consumer<String> told;

			private int left;

			Stop(int step, Consumer<String> told) {
				this.left = step;
				this.told = told;
			}

			void step(String what) throws InterruptedException {
				if (--this.left == 0) {
					this.told.accept(what);
					new CountDownLatch(1).await();
				}
			}

		}

	}

}
