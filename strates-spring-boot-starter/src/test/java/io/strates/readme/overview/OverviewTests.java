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

	@Test
	void snapshotTellsWhatItIsMadeOf() {
		Warehouse warehouse = new Warehouse();

		// @start region = session
		ResourceType<Integer> stock = ResourceType.of("shop", "stock", Integer.class);
		ResourceType<Integer> price = ResourceType.of("shop", "price", Integer.class);
		ResourceType<Integer> worth = ResourceType.of("shop", "worth", Integer.class);
		try (SnapshotBuilder snapshots = SnapshotBuilder.with(
				Sources.named("warehouse", stock).priority(10).fetching((key, context) -> warehouse.ask(key.subject())),
				Sources.named("ledger", stock).fetching((key, context) -> 7),
				Sources.named("prices", price).fetchingAll((keys, context) -> prices(keys)),
				Sources.named("worth", worth)
					.deriving((key) -> Set.of(stock.key(key.subject()), price.key(key.subject())),
							(key, in) -> in.get(stock.key(key.subject())) * in.get(price.key(key.subject()))))
			.freshness(Freshness.of(Duration.ofSeconds(5), Duration.ofMinutes(1)).staleWhileRevalidate())
			.create();
				SnapshotSession session = snapshots.session(SnapshotOptions.defaults().within(Duration.ofSeconds(2)))) {
			Snapshot overview = session.resolve(stock.key("anorak"), worth.key("anorak"));

			System.out.println(overview.get(worth.key("anorak"))); // seven times 90
			System.out.println(overview.values().get(stock.key("anorak")).source()); // ledger
			System.out.println(overview.diagnostics().callsBySource());
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
