package io.strates.crash;

import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

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
			case "release" -> release(database, UUID.fromString(args[4]), Integer.parseInt(args[5]));
			case "flip" -> flip(database);
			case "collect" -> collect(database);
			default -> throw new IllegalArgumentException(args[3]);
		}
	}

	private static TestNode node(DevDatabase database) {
		return TestNode.builder(database)
			.name("doomed")
			.chunkSize(20)
			.heartbeat(Duration.ofMillis(50))
			.property("hibernate.hbm2ddl.auto", "none")
			.build();
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

	/** Releases a build and stops for ever before a certain step. */
	private static void release(DevDatabase database, UUID build, int stopBefore) {
		services(new StoppingDataSource(dataSource(database), stopBefore)).release(build,
				ReleaseOptions.defaults().overwrite());
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

	/** Collects all builds but the live one, in small batches. */
	private static void collect(DevDatabase database) {
		CollectionListener listener = new CollectionListener() {
			@Override
			public void progressed(CollectionProgress progress) {
				out.println("removed " + progress.total());
			}
		};
		try (TestNode node = node(database)) {
			collector(node, listener).collect();
			out.println("collected");
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

	/** Stops for ever before a certain statement or commit. */
	private static final class StoppingDataSource extends DelegatingDataSource {

		private final int stopBefore;

		private int steps;

		StoppingDataSource(DataSource target, int stopBefore) {
			super(target);
			this.stopBefore = stopBefore;
		}

		@Override
		public Connection getConnection() throws java.sql.SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("commit") || method.getName().equals("prepareStatement")) {
							step((arguments != null) ? (String) arguments[0] : "commit");
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		private void step(String what) throws InterruptedException {
			if (++this.steps == this.stopBefore) {
				out.println("before " + what);
				new CountDownLatch(1).await();
			}
		}

	}

}
