package io.strates.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ManyRowsIntegrationTests {

	private static final List<String> TEXTS = List.of("", " ", "NULL", "null", "{}", "{\"a\",NULL}", "\"", "\\",
			"\\\\\"", "'", ",", "a,b", "\n\t", "Grüße, 世界 \uD83D\uDE00", "$1 ?", "x  ");

	private static StoreNode node;

	private static TieredStore<Parcel, Long> parcels;

	@BeforeAll
	static void start() {
		node = StoreNode.on(DevPostgres.newDatabase()).entities(Parcel.class, Crate.class, Crate.Chest.class).build();
		node.stores.add(Parcel.class);
		node.stores.add(Crate.class);
		node.stores.add(Crate.Chest.class);
		parcels = node.stores.store(Parcel.class, Long.class);
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	private static List<Parcel> parcels(long first, int count) {
		List<Parcel> all = new ArrayList<>();
		for (int index = 0; index < count; index++) {
			Parcel parcel = new Parcel(first + index);
			all.add((index % 3 == 0) ? parcel : parcel.full(TEXTS.get(index % TEXTS.size())));
		}
		return all;
	}

	private static List<Map<String, Object>> rows(long first, int count) {
		return node.jdbc.sql("select * from parcel where id >= ? and id < ? order by id")
			.params(first, first + count)
			.query()
			.listOfRows();
	}

	private static String sql() {
		return String.join("; ", node.sql()).toLowerCase(Locale.ROOT);
	}

	@Test
	void manyRowsAreWrittenTogetherAsEachIsAlone() {
		TimeZone before = TimeZone.getDefault();
		TimeZone.setDefault(TimeZone.getTimeZone("America/St_Johns"));
		try {
			parcels(0, 50).forEach(parcels::put);
			List<Map<String, Object>> alone = rows(0, 50);
			parcels.deleteAll(parcels(0, 50).stream().map((each) -> each.id).toList());
			node.sql();

			parcels.putAll(parcels(0, 50));

			assertThat(sql()).contains("unnest");
			assertThat(rows(0, 50)).hasSize(50).isEqualTo(alone);
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

	@Test
	void manyRowsAreChangedTogether() {
		parcels.putAll(parcels(1_000, 50));
		List<Parcel> changed = parcels(1_000, 50);
		changed.forEach((each) -> each.full("new"));

		parcels.putAll(changed);

		assertThat(rows(1_000, 50)).allSatisfy((row) -> assertThat(row).containsEntry("Text", "new"));
		assertThat(parcels.get(1_000L).price).isEqualTo("-1234567.89");
	}

	@Test
	void rowsWithATimeThatTextsDoNotHoldAreWrittenAsEver() {
		List<Parcel> all = parcels(2_000, 50);
		all.get(7).changed = Instant.parse("+12000-01-01T00:00:00Z");
		node.sql();

		parcels.putAll(all);

		assertThat(sql()).doesNotContain("unnest");
		assertThat(node.jdbc.sql("select extract(year from changed) from parcel where id = 2007")
			.query(Integer.class)
			.single()).isEqualTo(12_000);
	}

	@Test
	void manyRowsOfWhichOneIsRefusedAreRefusedTogether() {
		List<Parcel> all = parcels(3_000, 50);
		all.get(7).text = "x".repeat(300);

		assertThatExceptionOfType(WriteRejectedException.class).isThrownBy(() -> parcels.putAll(all));

		assertThat(rows(3_000, 50)).isEmpty();
	}

	@Test
	void halvesOfMicrosecondsAreRoundedAsEachIsAlone() {
		List<Parcel> all = parcels(4_000, 50);
		all.forEach((
				each) -> each.changed = Instant.parse("2026-03-29T01:30:00.000000500Z").plusNanos(1_001_000 * each.id));
		all.forEach(parcels::put);
		List<Map<String, Object>> alone = rows(4_000, 50);
		parcels.deleteAll(all.stream().map((each) -> each.id).toList());

		parcels.putAll(all);

		assertThat(rows(4_000, 50)).isEqualTo(alone);
	}

	@Test
	void columnsThatTypesOfTheApplicationBindAreWrittenAsEachIsAlone() {
		TieredStore<Crate, Long> crates = node.stores.store(Crate.class, Long.class);
		List<Crate> all = new ArrayList<>();
		for (long id = 0; id < 50; id++) {
			all.add(new Crate(id, "Text " + id));
		}

		crates.putAll(all);

		assertThat(node.jdbc.sql("select turned from crate where id = 12").query(String.class).single())
			.isEqualTo("21 txeT");
		assertThat(crates.get(12L).turned).isEqualTo("Text 12");
	}

	@Test
	void largeTextsAreWrittenAsEachIsAlone() {
		TieredStore<Crate.Chest, Long> chests = node.stores.store(Crate.Chest.class, Long.class);
		List<Crate.Chest> all = new ArrayList<>();
		for (long id = 100; id < 150; id++) {
			all.add(new Crate.Chest(id, "Text " + id));
		}

		node.transaction.executeWithoutResult((status) -> {
			chests.put(all.get(0));
			chests.putAll(all);
		});

		node.transaction.executeWithoutResult(
				(status) -> assertThat(chests.getAll(List.of(100L, 149L)).values()).extracting((chest) -> chest.large)
					.containsExactly("Text 100", "Text 149"));
	}

}
