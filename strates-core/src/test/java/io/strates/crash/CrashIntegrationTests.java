package io.strates.crash;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.strates.TestNode;
import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionReport;
import io.strates.release.Release;
import io.strates.release.ReleaseInvariants;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ShopStates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process is killed at every step of a seal and of a release, and at random moments of
 * a build, of many releases and of garbage collection. What is live stays whole, and the
 * rest is finished or cleaned by those who come after.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final CollectionListener SILENT = new CollectionListener() {
	};

	@TempDir
	private Path directory;

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	@Test
	void aKilledBuildLeavesTheLiveStateWholeAndIsCleaned() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode survivor = TestNode.builder(database).name("survivor").build()) {
			Release live = ShopStates.released(survivor, "shop", 60);
			List<UUID> killed = new ArrayList<>();
			for (int round = 0; round < 2; round++) {
				long rows = 100L + this.random.nextInt(1500);
				try (Child child = new Child(database, "build")) {
					killed.add(UUID.fromString(child.await((line) -> line.startsWith("build ")).substring(6)));
					child.await((line) -> line.startsWith("rows ") && Long.parseLong(line.substring(5)) > rows);
				}
			}

			assertWhole(survivor, live, 60);
			for (UUID build : killed) {
				assertThat(survivor.builds.get(build).status()).as("seed %s", this.seed)
					.isEqualTo(BuildStatus.BUILDING);
				assertThat(ShopStates.products(survivor, survivor.builds.get(build))).isPositive();
			}
			Release next = ShopStates.released(survivor, "shop", 70);
			assertWhole(survivor, next, 70);
			await().atMost(PATIENCE).until(() -> {
				DoomedNode.collector(survivor, SILENT).collect();
				return killed.stream().allMatch((id) -> survivor.builds.get(id).status() == BuildStatus.COLLECTED);
			});
			for (UUID build : killed) {
				assertThat(survivor.builds.get(build).failure()).isNotBlank();
				assertThat(ShopStates.products(survivor, survivor.builds.get(build))).isZero();
			}
			assertWhole(survivor, next, 70);
			assertNoOrphans(survivor);
		}
	}

	@Test
	void aSealThatIsKilledAtAnyStepHasHappenedOrNot() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode survivor = TestNode.builder(database).name("survivor").build()) {
			Release live = ShopStates.released(survivor, "shop", 60);
			Map<UUID, String> stopped = new LinkedHashMap<>();
			UUID sealed;
			try (Child child = new Child(database, "seal")) {
				String line = child.await((each) -> true);
				while (line.startsWith("before ")) {
					stopped.put(UUID.fromString(line.substring(7, 43)), line.substring(44));
					line = child.await((each) -> true);
				}
				sealed = UUID.fromString(line.substring(7));
			}
			awaitNoTransaction(survivor);

			assertThat(stopped.values()).anyMatch((step) -> step.startsWith("insert into stratified_build_rows"))
				.anyMatch((step) -> step.startsWith("update stratified_build set status"))
				.contains("commit");
			stopped.keySet().forEach((id) -> assertBuildingOrSealedWhole(survivor, id));
			assertThat(stopped.keySet()).filteredOn((id) -> stopped.get(id).startsWith("update"))
				.extracting((id) -> survivor.builds.get(id).status())
				.containsOnly(BuildStatus.BUILDING);
			assertThat(survivor.builds.get(sealed).status()).isEqualTo(BuildStatus.SEALED);
			assertWhole(survivor, live, 60);

			Release next = survivor.releases.release(sealed);
			assertWhole(survivor, next, 5);
			List<UUID> abandoned = stopped.keySet()
				.stream()
				.filter((id) -> survivor.builds.get(id).status() == BuildStatus.BUILDING)
				.toList();
			await().atMost(PATIENCE).until(() -> {
				DoomedNode.collector(survivor, SILENT).collect();
				return abandoned.stream().allMatch((id) -> survivor.builds.get(id).status() == BuildStatus.COLLECTED);
			});
			assertThat(abandoned).allSatisfy((id) -> {
				assertThat(survivor.builds.get(id).failure()).contains("abandoned");
				assertThat(ShopStates.products(survivor, survivor.builds.get(id))).isZero();
			});
			assertWhole(survivor, next, 5);
			assertNoOrphans(survivor);
		}
	}

	private static void assertBuildingOrSealedWhole(TestNode node, UUID id) {
		BuildInfo build = node.builds.get(id);
		assertThat(ShopStates.products(node, build)).isEqualTo(5);
		if (build.status() == BuildStatus.SEALED) {
			assertThat(build.sealedAt()).isNotNull();
			assertThat(build.rowCounts()).containsEntry("Product", 5L).containsEntry("ProductTag", 5L);
		}
		else {
			assertThat(build.status()).isEqualTo(BuildStatus.BUILDING);
			assertThat(build.sealedAt()).isNull();
			assertThat(build.rowCounts()).isEmpty();
		}
	}

	/** Until the server has noticed that a process was killed. */
	private static void awaitNoTransaction(TestNode node) {
		await().atMost(PATIENCE)
			.until(() -> node.count("select count(*) from pg_stat_activity where datname = current_database()"
					+ " and state like '%transaction%' and pid <> pg_backend_pid()") == 0);
	}

	@Test
	void aReleaseThatIsKilledAtAnyStepHasHappenedOrNot() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode survivor = TestNode.builder(database).name("survivor").build()) {
			Release live = ShopStates.released(survivor, "shop", 3);
			List<String> steps = new ArrayList<>();
			boolean reached = true;
			for (int step = 1; reached; step++) {
				BuildInfo next = ShopStates.sealed(survivor, "shop", 3 + step);
				String last;
				try (Child child = new Child(database, "release", next.buildStrate().toString(), "" + step)) {
					last = child.await((line) -> line.startsWith("before ") || line.equals("released"));
				}
				reached = !last.equals("released");
				steps.add(last);

				ReleaseInvariants.check(survivor);
				if (reached) {
					assertWhole(survivor, live, survivor.builds.get(live.buildStrate()).rowCounts().get("Product"));
					assertThat(survivor.builds.get(next.buildStrate()).status()).isEqualTo(BuildStatus.SEALED);
					live = survivor.releases.release(next.buildStrate());
				}
				else {
					live = survivor.releases.current("catalog", "shop").orElseThrow();
					assertThat(live.buildStrate()).isEqualTo(next.buildStrate());
				}
				assertWhole(survivor, live, 3 + step);
			}

			assertThat(steps).hasSizeGreaterThan(6).contains("before commit").endsWith("released");
			assertThat(survivor.releases.history("catalog", "shop")).hasSize(steps.size() + 1);
		}
	}

	@Test
	void manyReleasesThatAreKilledAtRandomLeavePointerStatusAndLogInAgreement() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode survivor = TestNode.builder(database).name("survivor").build()) {
			ShopStates.released(survivor, "shop", 4);
			ShopStates.released(survivor, "shop", 9);
			for (int round = 0; round < 8; round++) {
				int flips = 1 + this.random.nextInt(60);
				long spins = this.random.nextInt(2_000_000);
				try (Child child = new Child(database, "flip")) {
					child.await((line) -> line.equals("flipped " + flips));
					for (long spin = 0; spin < spins; spin++) {
						Thread.onSpinWait();
					}
				}
				awaitNoTransaction(survivor);

				ReleaseInvariants.check(survivor);
				Release live = survivor.releases.current("catalog", "shop").orElseThrow();
				assertThat(live.number()).as("seed %s", this.seed).isGreaterThan(flips);
				assertWhole(survivor, live,
						live.buildStrate().equals(survivor.releases.get("catalog", "shop", 1).buildStrate()) ? 4 : 9);
			}
		}
	}

	@Test
	void aKilledCollectionIsFinishedByTheNext() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		try (TestNode survivor = TestNode.builder(database).name("survivor").build()) {
			List<UUID> old = new ArrayList<>();
			for (int round = 0; round < 4; round++) {
				old.add(ShopStates.released(survivor, "shop", 150).buildStrate());
			}
			Release live = ShopStates.released(survivor, "shop", 160);
			for (int round = 0; round < 2; round++) {
				int batches = 1 + this.random.nextInt(12);
				// The second stops within a build, and neither at the end of all.
				int last = (round == 0) ? batches + 5 : batches;
				try (Child child = new Child(database, "collect", "" + last)) {
					for (int batch = 0; batch < batches; batch++) {
						child.await((line) -> line.startsWith("removed "));
					}
				}
				assertWhole(survivor, live, 160);
			}
			assertThat(old).extracting((id) -> survivor.builds.get(id).status())
				.as("seed %s", this.seed)
				.contains(BuildStatus.COLLECTING);

			await().atMost(PATIENCE)
				.until(() -> DoomedNode.collector(survivor, SILENT)
					.collect()
					.map(CollectionReport::removedBuilds)
					.isPresent());

			assertThat(old).allSatisfy((id) -> {
				assertThat(survivor.builds.get(id).status()).isEqualTo(BuildStatus.COLLECTED);
				assertThat(ShopStates.products(survivor, survivor.builds.get(id))).isZero();
			});
			assertWhole(survivor, live, 160);
			assertNoOrphans(survivor);
			ReleaseInvariants.check(survivor);
		}
	}

	/** The live state has all its rows, and they belong together. */
	private static void assertWhole(TestNode node, Release live, long products) {
		assertThat(node.releases.current("catalog", "shop")).contains(live);
		node.queries.pinned("catalog", "shop", () -> node.inTransaction(() -> {
			Catalog catalog = node.entityManager.createQuery("from Catalog", Catalog.class).getSingleResult();
			assertThat(catalog.getBuildStrate()).isEqualTo(live.buildStrate());
			assertThat(catalog.getProducts()).isEqualTo((int) products);
			assertThat(catalog.getItems()).hasSize((int) products);
			for (Product product : catalog.getItems()) {
				assertThat(product.getTags()).hasSize(1);
			}
			return true;
		}));
		Map<String, Long> counts = node.builds.get(live.buildStrate()).rowCounts();
		assertThat(counts).containsEntry("Product", products).containsEntry("ProductTag", products);
	}

	private static void assertNoOrphans(TestNode node) {
		node.mapping.schema()
			.tables()
			.forEach((table) -> assertThat(node.count("select count(*) from " + table.name()
					+ " t where not exists (select 1 from stratified_build b where b.build_strate = t."
					+ table.buildColumn() + " and b.status <> 'COLLECTED')"))
				.as(table.name())
				.isZero());
	}

	/** A process that is killed when this is closed. */
	private final class Child implements AutoCloseable {

		private final Process process;

		private final BufferedReader output;

		private final File errors;

		Child(DevDatabase database, String... args) throws IOException {
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m",
							"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
							DoomedNode.class.getName(), database.jdbcUrl(), database.username(), database.password()));
			command.addAll(List.of(args));
			this.errors = CrashIntegrationTests.this.directory.resolve("errors.txt").toFile();
			this.process = new ProcessBuilder(command).redirectError(this.errors).start();
			this.output = new BufferedReader(
					new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		}

		/** Reads on until a line is as wanted. */
		String await(Predicate<String> wanted) throws IOException {
			String line = this.output.readLine();
			while (line != null && !wanted.test(line)) {
				line = this.output.readLine();
			}
			assertThat(line).as(() -> "the child ended: " + read(this.errors)).isNotNull();
			return line;
		}

		private static String read(File file) {
			try {
				return Files.readString(file.toPath());
			}
			catch (IOException ex) {
				return ex.toString();
			}
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
			this.process.onExit().join();
		}

	}

}
