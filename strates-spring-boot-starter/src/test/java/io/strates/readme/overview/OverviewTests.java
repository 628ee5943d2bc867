package io.strates.readme.overview;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.strates.snapshot.Freshness;
import io.strates.snapshot.ResourceKey;
import io.strates.snapshot.ResourceType;
import io.strates.snapshot.Snapshot;
import io.strates.snapshot.SnapshotBuilder;
import io.strates.snapshot.SnapshotOptions;
import io.strates.snapshot.SnapshotSession;
import io.strates.snapshot.SourceUnavailableException;
import io.strates.snapshot.Sources;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OverviewTests {

	// @start region = types
	static final ResourceType<Integer> STOCK = ResourceType.of("shop", "stock", Integer.class);

	static final ResourceType<Integer> PRICE = ResourceType.of("shop", "price", Integer.class);

	static final ResourceType<Integer> WORTH = ResourceType.of("shop", "worth", Integer.class);

	// @end

	@Test
	void snapshotTellsWhatItIsMadeOf() {
		Warehouse warehouse = new Warehouse();

		// @start region = session
		try (SnapshotBuilder snapshots = SnapshotBuilder.with(
				Sources.named("warehouse", STOCK).priority(10).fetching((key, context) -> warehouse.ask(key.subject())),
				Sources.named("ledger", STOCK).fetching((key, context) -> 7),
				Sources.named("prices", PRICE).fetchingAll((keys, context) -> prices(keys)),
				Sources.named("worth", WORTH)
					.deriving((key) -> Set.of(STOCK.key(key.subject()), PRICE.key(key.subject())),
							(key, in) -> in.get(STOCK.key(key.subject())) * in.get(PRICE.key(key.subject()))))
			.freshness(Freshness.of(Duration.ofSeconds(5), Duration.ofMinutes(1)).staleWhileRevalidate())
			.create();
				SnapshotSession session = snapshots.session(SnapshotOptions.defaults().within(Duration.ofSeconds(2)))) {
			Snapshot overview = session.resolve(STOCK.key("anorak"), WORTH.key("anorak"));

			System.out.println(overview.get(WORTH.key("anorak"))); // 630
			System.out.println(overview.values().get(STOCK.key("anorak")).source()); // ledger
			System.out.println(overview.diagnostics().callsBySource()); // how often each
																		// was asked
		}
		// @end

		assertThat(warehouse.asked).isPositive();
	}

	private static Map<ResourceKey<Integer>, Integer> prices(Set<ResourceKey<Integer>> keys) {
		return keys.stream().collect(Collectors.toMap(Function.identity(), (key) -> 90));
	}

	/** A service that is down. */
	private static final class Warehouse {

		private int asked;

		int ask(String product) {
			this.asked++;
			throw new SourceUnavailableException("The warehouse does not know of " + product + " now", null);
		}

	}

}
