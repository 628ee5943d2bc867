package io.strates.query;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildNotFoundException;
import io.strates.build.BuildStateException;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.entity.NotPinnedException;
import io.strates.entity.UnknownScopeException;
import io.strates.query.QueryService.PinHandle;
import io.strates.release.NothingReleasedException;
import io.strates.release.Release;
import io.strates.release.ReleaseNotFoundException;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ShopStates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Which build a unit of work reads. Each test has a shop of its own.
 */
class PinIntegrationTests {

	private static final AtomicInteger SHOPS = new AtomicInteger();

	private static DevDatabase database;

	private static TestNode node;

	private final String shop = "shop-" + SHOPS.incrementAndGet();

	@BeforeAll
	static void start() {
		database = DevPostgres.newDatabase();
		node = TestNode.builder(database).build();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	/** Builds a state whose products have the given name. */
	private static BuildInfo sealed(String shop, String name, int products) {
		try (Build build = node.builds.open("catalog", shop)) {
			Catalog catalog = new Catalog(1, shop, products);
			build.writer().write(catalog);
			for (int id = 1; id <= products; id++) {
				build.writer().write(new Product(id, name, id, catalog));
			}
			return build.seal();
		}
	}

	private static Release released(String shop, String name) {
		return released(shop, name, 2);
	}

	private static Release released(String shop, String name, int products) {
		return node.releases.release(sealed(shop, name, products).buildStrate());
	}

	private PinRequest release(long number) {
		return PinRequest.release("catalog", this.shop, number);
	}

	/** The name of the products that are read now; fails on a mixture. */
	private static String read() {
		List<String> names = node.products.findAll().stream().map(Product::getName).distinct().toList();
		assertThat(names).hasSizeLessThan(2);
		return names.isEmpty() ? "nothing" : names.get(0);
	}

	private static String read(PinRequest request) {
		return node.queries.pinned(request, PinIntegrationTests::read);
	}

	private String readReleased() {
		return node.queries.pinned("catalog", this.shop, PinIntegrationTests::read);
	}

	// what is chosen

	@Test
	void pinReadsTheReleasedBuildAndNotTheOneThatIsWritten() {
		released(this.shop, "a");
		try (Build open = node.builds.open("catalog", this.shop)) {
			Catalog catalog = new Catalog(1, this.shop, 1);
			open.writer().write(catalog);
			open.writer().write(new Product(1, "b", 1, catalog));
			open.writer().flush();

			assertThat(readReleased()).isEqualTo("a");
		}
	}

	@Test
	void pinTellsScopeBuildAndRelease() {
		Release release = released(this.shop, "a");

		Pin pin = node.queries.pinned("catalog", this.shop, () -> node.queries.current("catalog"));

		assertThat(pin.scope()).isEqualTo("catalog");
		assertThat(pin.scopeId()).isEqualTo(this.shop);
		assertThat(pin.buildStrate()).isEqualTo(release.buildStrate());
		assertThat(pin.release()).hasValue(1);
	}

	@Test
	void pinWhereNothingIsReleasedFails() {
		assertThatThrownBy(this::readReleased).isInstanceOf(NothingReleasedException.class)
			.hasMessageContaining("catalog/" + this.shop);
	}

	@Test
	void pinWhereNothingIsReleasedReadsNoRowsIfThatIsAllowed() {
		released(this.shop + "-other", "a");
		try (TestNode lenient = TestNode.builder(database).nothingReleased(NothingReleased.EMPTY).build()) {
			List<Product> found = lenient.queries.pinned("catalog", this.shop, () -> lenient.products.findAll());
			long count = lenient.queries.pinned("catalog", this.shop, () -> lenient.products.count());
			boolean exists = lenient.queries.pinned("catalog", this.shop, () -> lenient.products.existsById(1L));
			Pin pin = lenient.queries.pinned("catalog", this.shop, () -> lenient.queries.current("catalog"));

			assertThat(found).isEmpty();
			assertThat(count).isZero();
			assertThat(exists).isFalse();
			assertThat(pin.release()).isEmpty();
		}
	}

	@Test
	void pinOfAnUnknownScopeNamesTheKnownOnes() {
		assertThatThrownBy(() -> node.queries.pinned("shop", this.shop, PinIntegrationTests::read))
			.isInstanceOf(UnknownScopeException.class)
			.hasMessageContainingAll("shop", "catalog", "pricing");
		assertThatThrownBy(() -> node.queries.current("shop")).isInstanceOf(UnknownScopeException.class);
	}

	@Test
	void pinOfAReleaseReadsExactlyThat() {
		released(this.shop, "a");
		released(this.shop, "b");
		released(this.shop, "c");

		assertThat(List.of(read(release(1)), read(release(2)), read(release(3)))).containsExactly("a", "b", "c");
	}

	@Test
	void pinOfAReleaseThatDoesNotExistFails() {
		released(this.shop, "a");

		assertThatThrownBy(() -> read(release(2))).isInstanceOf(ReleaseNotFoundException.class)
			.hasMessageContaining(this.shop);
	}

	@Test
	void pinOfACollectedReleaseSaysSo() {
		Release first = released(this.shop, "a");
		released(this.shop, "b");
		ShopStates.collected(node, first.buildStrate());

		assertThatThrownBy(() -> read(release(1))).isInstanceOf(ReleaseNotFoundException.class)
			.hasMessageContaining("is collected");
		assertThatThrownBy(() -> read(PinRequest.asOf("catalog", this.shop, first.releasedAt())))
			.isInstanceOf(ReleaseNotFoundException.class)
			.hasMessageContaining("is collected");
	}

	@Test
	void pinAsOfAnInstantReadsWhatWasLiveThen() {
		Release first = released(this.shop, "a");
		Release second = released(this.shop, "b");

		assertThat(read(PinRequest.asOf("catalog", this.shop, first.releasedAt()))).isEqualTo("a");
		assertThat(read(PinRequest.asOf("catalog", this.shop, second.releasedAt().minusNanos(1_000)))).isEqualTo("a");
		assertThat(read(PinRequest.asOf("catalog", this.shop, second.releasedAt()))).isEqualTo("b");
	}

	@Test
	void pinAsOfAnInstantBeforeTheFirstReleaseFindsNothingReleased() {
		Release first = released(this.shop, "a");

		assertThatThrownBy(() -> read(PinRequest.asOf("catalog", this.shop, first.releasedAt().minusSeconds(1))))
			.isInstanceOf(NothingReleasedException.class);
	}

	@Test
	void pinAsOfTheFutureFails() {
		released(this.shop, "a");

		assertThatIllegalArgumentException()
			.isThrownBy(() -> read(PinRequest.asOf("catalog", this.shop, Instant.now().plus(Duration.ofHours(1)))))
			.withMessageContaining("future");
	}

	@Test
	void previewReadsASealedBuildInItsThreadOnly() throws Exception {
		released(this.shop, "a");
		BuildInfo preview = sealed(this.shop, "b", 2);

		String inside = node.queries.pinned(PinRequest.build("catalog", this.shop, preview.buildStrate()), () -> {
			String other = CompletableFuture.supplyAsync(this::readReleased).get();
			return read() + other;
		});

		assertThat(inside).isEqualTo("ba");
		assertThat(readReleased()).isEqualTo("a");
	}

	@Test
	void pinIsNotInheritedByOtherThreads() {
		released(this.shop, "a");

		assertThatThrownBy(() -> node.queries.pinned("catalog", this.shop,
				() -> CompletableFuture.supplyAsync(PinIntegrationTests::read).join()))
			.hasCauseInstanceOf(NotPinnedException.class);
	}

	@Test
	void previewOfABuildThatIsWrittenFails() {
		try (Build open = node.builds.open("catalog", this.shop)) {
			assertThatThrownBy(() -> read(PinRequest.build("catalog", this.shop, open.buildStrate())))
				.isInstanceOf(BuildStateException.class)
				.hasMessageContaining("only a sealed build can be read");
		}
	}

	@Test
	void previewOfAnotherScopeIdsBuildFails() {
		BuildInfo other = sealed(this.shop + "-other", "a", 1);

		assertThatThrownBy(() -> read(PinRequest.build("catalog", this.shop, other.buildStrate())))
			.isInstanceOf(BuildNotFoundException.class)
			.hasMessageContainingAll(this.shop, other.buildStrate().toString());
		assertThatThrownBy(() -> read(PinRequest.build("catalog", this.shop, new UUID(0, 0))))
			.isInstanceOf(BuildNotFoundException.class);
	}

	// one build in a unit of work

	@Test
	void transactionKeepsItsBuildWhileAnotherIsReleased() {
		released(this.shop, "a");

		List<String> read = node.inTransaction(() -> {
			List<String> found = new ArrayList<>();
			found.add(readReleased());
			node.newTransaction.execute((status) -> released(this.shop, "b"));
			found.add(readReleased());
			return found;
		});

		assertThat(read).containsExactly("a", "a");
		assertThat(readReleased()).isEqualTo("b");
	}

	@Test
	void blockKeepsItsBuildWhileAnotherIsReleased() {
		released(this.shop, "a", 2);

		List<String> read = node.queries.pinned("catalog", this.shop, () -> {
			Catalog root = node
				.inTransaction(() -> node.entityManager().createQuery("from Catalog", Catalog.class).getSingleResult());
			released(this.shop, "b", 5);
			return List.of(root.getProducts() + "", node.products.count() + "", read(), readReleased());
		});

		assertThat(read).containsExactly("2", "2", "a", "a");
	}

	@Test
	void exportPageByPageInOneBlockReadsOneBuild() {
		released(this.shop, "a", 6);

		List<String> names = node.queries.pinned("catalog", this.shop, () -> {
			List<String> found = new ArrayList<>();
			for (int page = 0; page < 3; page++) {
				node.products.findAll(PageRequest.of(page, 2, Sort.by("id"))).forEach((p) -> found.add(p.getName()));
				released(this.shop, "b" + page, 6);
			}
			return found;
		});

		assertThat(names).hasSize(6).containsOnly("a");
	}

	@Test
	void exportAcrossBlocksByReleaseNumberReadsOneBuild() {
		long number = released(this.shop, "a", 6).number();
		List<String> names = new ArrayList<>();

		for (int i = 0; i < 3; i++) {
			int page = i;
			node.queries.pinned(release(number), () -> node.products.findAll(PageRequest.of(page, 2, Sort.by("id"))))
				.forEach((product) -> names.add(product.getName()));
			released(this.shop, "b" + i, 6);
		}

		assertThat(names).hasSize(6).containsOnly("a");
	}

	@Test
	void pinIsReadOnTheConnectionOfTheTransaction() {
		released(this.shop, "a");
		TransactionTemplate repeatable = new TransactionTemplate(
				Objects.requireNonNull(node.transaction.getTransactionManager()));
		repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

		String read = repeatable.execute((status) -> {
			node.entityManager().createNativeQuery("select count(*) from currency").getSingleResult();
			node.newTransaction.execute((inner) -> released(this.shop, "b"));
			return readReleased();
		});

		assertThat(read).isEqualTo("a");
	}

	@Test
	void changeOfThePinInATransactionNamesBothBuilds() {
		Release first = released(this.shop, "a");
		Release second = released(this.shop, "b");

		assertThatThrownBy(() -> node.inTransaction(() -> readReleased() + read(release(1))))
			.isInstanceOfSatisfying(PinConflictException.class,
					(conflict) -> assertThat(conflict.getPinned().buildStrate()).isEqualTo(second.buildStrate()))
			.hasMessageContainingAll(first.buildStrate().toString(), second.buildStrate().toString(), "REQUIRES_NEW");
	}

	@Test
	void changeOfThePinInABlockIsRefused() {
		released(this.shop, "a");
		released(this.shop, "b");

		assertThatThrownBy(() -> node.queries.pinned("catalog", this.shop, () -> read(release(1))))
			.isInstanceOf(PinConflictException.class);
	}

	@Test
	void changeOfThePinInATransactionThatReadUnderAnOuterBlockIsRefused() {
		released(this.shop, "a");
		released(this.shop, "b");

		assertThatThrownBy(() -> node.queries.pinned("catalog", this.shop,
				() -> node.inTransaction(() -> read() + read(release(1)))))
			.isInstanceOf(PinConflictException.class);
		assertThatThrownBy(() -> node.queries.pinned("catalog", this.shop,
				() -> node.inTransaction(() -> node.products.findById(1L) + read(release(1)))))
			.isInstanceOf(PinConflictException.class);
	}

	@Test
	void newTransactionMayReadAnotherBuild() {
		released(this.shop, "a");
		released(this.shop, "b");

		String read = node.queries.pinned("catalog", this.shop, () -> node.inTransaction(
				() -> read() + node.newTransaction.execute((status) -> read(release(1)) + read(release(1))) + read()));

		assertThat(read).isEqualTo("baab");
	}

	@Test
	void nextTransactionMayReadAnotherBuild() {
		released(this.shop, "a");
		released(this.shop, "b");

		assertThat(node.inTransaction(() -> read(release(1)))).isEqualTo("a");
		assertThat(node.inTransaction(() -> read(release(2)))).isEqualTo("b");
	}

	@Test
	void requestOfTheBuildThatIsPinnedAnywayIsGranted() {
		Release release = released(this.shop, "a");

		String read = node.queries.pinned("catalog", this.shop,
				() -> read(release(1)) + read(PinRequest.build("catalog", this.shop, release.buildStrate())));

		assertThat(read).isEqualTo("aa");
	}

	@Test
	void refusedRequestLeavesNoTraceInTheTransaction() {
		released(this.shop, "a");
		released(this.shop, "b");

		String read = node.inTransaction(() -> {
			assertThatThrownBy(() -> node.queries.pinned(List.of(release(1), PinRequest.released("pricing", this.shop)),
					PinIntegrationTests::read))
				.isInstanceOf(NothingReleasedException.class);
			return read(release(2));
		});

		assertThat(read).isEqualTo("b");
	}

	// nesting

	@Test
	void twoScopeIdsAreReadOneInsideTheOther() {
		released(this.shop, "a");
		released(this.shop + "-b", "b");

		String read = node.queries.pinned("catalog", this.shop, () -> read()
				+ node.queries.pinned("catalog", this.shop + "-b", () -> read() + readReleased() + read()) + read());

		assertThat(read).isEqualTo("ababa");
	}

	@Test
	void twoScopeIdsOfOneScopeAtOnceAreRefused() {
		released(this.shop, "a");
		released(this.shop + "-b", "b");

		assertThatIllegalArgumentException()
			.isThrownBy(() -> node.queries.pinned(List.of(PinRequest.released("catalog", this.shop),
					PinRequest.released("catalog", this.shop + "-b")), PinIntegrationTests::read))
			.withMessageContainingAll(this.shop, this.shop + "-b");
	}

	@Test
	void failureInAnInnerBlockRestoresTheOuterPin() {
		released(this.shop, "a");
		released(this.shop + "-b", "b");

		String read = node.queries.pinned("catalog", this.shop, () -> {
			assertThatIllegalStateException().isThrownBy(() -> node.queries.pinned("catalog", this.shop + "-b", () -> {
				throw new IllegalStateException("inner");
			})).withMessage("inner");
			return read();
		});

		assertThat(read).isEqualTo("a");
		assertThatThrownBy(PinIntegrationTests::read).isInstanceOf(NotPinnedException.class);
	}

	@Test
	void checkedExceptionArrivesUnwrapped() {
		released(this.shop, "a");

		assertThatThrownBy(() -> node.queries.pinned("catalog", this.shop, () -> {
			throw new IOException("broken");
		})).isExactlyInstanceOf(IOException.class).hasMessage("broken").hasNoCause();
	}

	@Test
	void closingAHandleTwiceChangesNothing() {
		released(this.shop, "a");
		PinHandle outer = node.queries.pin(List.of(PinRequest.released("catalog", this.shop)));
		PinHandle inner = node.queries.pin(List.of(release(1)));

		inner.close();
		inner.close();

		assertThat(read()).isEqualTo("a");
		outer.close();
		outer.close();
		assertThatThrownBy(PinIntegrationTests::read).isInstanceOf(NotPinnedException.class);
	}

	@Test
	void handleOfAnEarlierBlockDoesNotEndALaterOne() {
		released(this.shop, "a");
		PinHandle earlier = node.queries.pin(List.of(PinRequest.released("catalog", this.shop)));
		earlier.close();
		try (PinHandle later = node.queries.pin(List.of(PinRequest.released("catalog", this.shop)))) {
			earlier.close();

			assertThat(read()).isEqualTo("a");
			assertThat(later.pins()).hasSize(1);
		}
	}

	@Test
	void handlesClosedOutOfOrderLeaveNothingPinned() {
		released(this.shop, "a");
		released(this.shop + "-b", "b");
		PinHandle outer = node.queries.pin(List.of(PinRequest.released("catalog", this.shop)));
		PinHandle inner = node.queries.pin(List.of(PinRequest.released("catalog", this.shop + "-b")));

		outer.close();

		assertThat(read()).isEqualTo("b");
		inner.close();
		assertThatThrownBy(PinIntegrationTests::read).isInstanceOf(NotPinnedException.class);
		assertThatThrownBy(() -> node.queries.current("catalog")).isInstanceOf(NotPinnedException.class);
	}

	@Test
	void handleClosedByAnotherThreadEndsItsBlock() {
		released(this.shop, "a");
		PinHandle handle = node.queries.pin(List.of(PinRequest.released("catalog", this.shop)));

		CompletableFuture.runAsync(handle::close).join();

		assertThatThrownBy(PinIntegrationTests::read).isInstanceOf(NotPinnedException.class);
	}

	@Test
	void snapshotCarriesPinsToAnotherThread() throws Exception {
		released(this.shop, "a");
		ExecutorService other = Executors.newSingleThreadExecutor();
		try {
			String read = node.queries.pinned("catalog", this.shop, () -> {
				Pins.Snapshot snapshot = node.pins.snapshot();
				released(this.shop, "b");
				return other.submit(() -> {
					try (PinHandle handle = node.pins.install(snapshot)) {
						return read();
					}
				}).get();
			});

			assertThat(read).isEqualTo("a");
			assertThat(node.pins.snapshot()).isNull();
			assertThatThrownBy(() -> other.submit(() -> read()).get()).hasCauseInstanceOf(NotPinnedException.class);
		}
		finally {
			other.shutdownNow();
		}
	}

	@Test
	void hiddenPinComesBack() {
		released(this.shop, "a");

		node.queries.pinned("catalog", this.shop, () -> {
			try (PinHandle hidden = node.pins.hide()) {
				assertThatThrownBy(PinIntegrationTests::read).isInstanceOf(NotPinnedException.class);
				assertThatThrownBy(() -> node.queries.current("catalog")).isInstanceOf(NotPinnedException.class);
			}
			assertThat(read()).isEqualTo("a");
			return true;
		});
	}

	@Test
	void listenerThatFailsLeavesNothingPinned() {
		released(this.shop, "a");
		PinListener listener = (pin) -> {
			throw new IllegalStateException("listener");
		};
		QueryService failing = node.queries().listener(listener).build();

		assertThatIllegalStateException().isThrownBy(() -> failing.pinned("catalog", this.shop, () -> true));

		assertThatThrownBy(PinIntegrationTests::read).isInstanceOf(NotPinnedException.class);
	}

	// differences

	@Test
	void differenceInsideAPinComparesWithThePinnedBuild() {
		released(this.shop, "a", 1);
		long added = node.queries.pinned("catalog", this.shop, () -> {
			released(this.shop, "a", 3);
			return added(PinRequest.released("catalog", this.shop));
		});

		assertThat(added).isZero();
		assertThat(added(PinRequest.released("catalog", this.shop))).isEqualTo(2);
	}

	@Test
	void differenceInATransactionComparesWithWhatItHasRead() {
		released(this.shop, "a", 1);

		long added = node.inTransaction(() -> {
			readReleased();
			CompletableFuture.runAsync(() -> released(this.shop, "a", 3)).join();
			return added(PinRequest.released("catalog", this.shop));
		});

		assertThat(added).isZero();
	}

	@Test
	void differenceInsideAPinComparesAnyStatesAndPinsNothing() {
		released(this.shop, "a", 1);
		Release second = released(this.shop, "b", 3);

		String read = node.queries.pinned(release(1), () -> {
			assertThat(added(PinRequest.build("catalog", this.shop, second.buildStrate()))).isEqualTo(2);
			return read();
		});

		assertThat(read).isEqualTo("a");
	}

	/** How many products a state has that the first release has not. */
	private long added(PinRequest to) {
		try (Stream<Difference> differences = node.queries.difference(Product.class, release(1), to)) {
			return differences.filter((difference) -> difference.kind() == Difference.Kind.ADDED).count();
		}
	}

	// arguments

	@Test
	void aMissingArgumentIsNamed() {
		assertThatNullPointerException().isThrownBy(() -> node.queries.pinned(nothing(), this.shop, () -> true))
			.withMessage("scope is null; pass a value");
		assertThatNullPointerException().isThrownBy(() -> node.queries.pinned("catalog", nothing(), () -> true))
			.withMessageContaining("scopeId");
		assertThatNullPointerException().isThrownBy(() -> PinRequest.asOf("catalog", this.shop, nothing()))
			.withMessageContaining("instant");
		assertThatNullPointerException().isThrownBy(() -> PinRequest.build("catalog", this.shop, nothing()))
			.withMessageContaining("buildStrate");
		assertThatNullPointerException().isThrownBy(() -> node.queries.current(nothing()))
			.withMessageContaining("scope");
		assertThatNullPointerException().isThrownBy(() -> node.queries.difference(Product.class, release(1), nothing()))
			.withMessageContaining("to is null");
	}

	@Test
	void builderNamesWhatIsMissingOrGivenTwice() {
		assertThatIllegalStateException().isThrownBy(() -> QueryService.builder().build())
			.withMessage("model is missing; call model(…) before build()");
		assertThatIllegalStateException()
			.isThrownBy(() -> QueryService.builder()
				.nothingReleased(NothingReleased.FAIL)
				.nothingReleased(NothingReleased.EMPTY))
			.withMessage("nothingReleased is set already to FAIL; set it once, not to EMPTY too");
	}

	/** What callers pass whose code is not checked for null. */
	@SuppressWarnings({ "NullAway", "TypeParameterUnusedInFormals" })
	private static <T> T nothing() {
		return null;
	}

	// facts about builds

	@Test
	void historyAndRowCountsNeedNoPin() {
		Release release = released(this.shop, "a", 3);

		assertThat(node.queries.history("catalog", this.shop)).extracting(Release::number).containsExactly(1L);
		assertThat(node.queries.currentRelease("catalog", this.shop)).map(Release::buildStrate)
			.hasValue(release.buildStrate());
		assertThat(node.queries.currentRelease("catalog", this.shop + "-none")).isEmpty();
		assertThat(node.queries.rowCounts(release.buildStrate())).containsEntry("Product", 3L)
			.containsEntry("Catalog", 1L);
	}

	@Test
	void pinInsideABuildReadsTheReleasedStateAndReturnsToTheBuild() {
		released(this.shop, "a");
		try (Build build = node.builds.open("catalog", this.shop)) {
			String read = build.call(() -> node.queries.current("catalog").buildStrate().equals(build.buildStrate())
					+ readReleased() + node.queries.current("catalog").buildStrate().equals(build.buildStrate()));

			assertThat(read).isEqualTo("trueatrue");
		}
	}

}
