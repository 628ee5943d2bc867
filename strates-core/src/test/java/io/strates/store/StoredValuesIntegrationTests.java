package io.strates.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.store.Everything.Kind;
import io.strates.store.Everything.Money;
import io.strates.store.Everything.Size;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.hibernate.proxy.HibernateProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** An attribute of each kind has the same value whichever tier it comes from. */
class StoredValuesIntegrationTests {

	private static final AtomicLong IDS = new AtomicLong();

	private static StoreNode a;

	private static StoreNode b;

	private static TieredStore<Everything, Long> store;

	private static TieredStore<Everything, Long> other;

	private final long id = IDS.incrementAndGet();

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		SharedMemory memory = new SharedMemory();
		a = StoreNode.on(database).entities(Gadget.class, Everything.class).tier(memory.newNode()).build();
		b = StoreNode.on(database).entities(Gadget.class, Everything.class).tier(memory.newNode()).build();
		a.stores.add(Everything.class);
		b.stores.add(Everything.class);
		store = a.stores.store(Everything.class, Long.class);
		other = b.stores.store(Everything.class, Long.class);
		a.jdbc.sql("insert into gadget (id, name, score) values ('g1', 'hammer', 1)").update();
	}

	@AfterAll
	static void stop() {
		a.close();
		b.close();
	}

	private Everything full() {
		Everything full = new Everything(this.id);
		full.number = Integer.MAX_VALUE;
		full.large = Long.MIN_VALUE;
		full.single = 1.5f;
		full.twice = Double.MAX_VALUE;
		full.flag = true;
		full.text = "Grüße, 世界 \uD83D\uDE00 ' \" \\ \n";
		full.decimal = new BigDecimal("12345678.90");
		full.integer = new BigInteger("12345678901234567890123456789");
		full.uuid = UUID.fromString("0198e1c2-0000-7000-8000-000000000001");
		full.instant = Instant.parse("2026-01-02T03:04:05.123456789Z");
		full.offset = OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 123_456_789, ZoneOffset.ofHours(5));
		full.date = LocalDate.of(2026, 2, 28);
		full.time = LocalTime.of(23, 59, 58);
		full.dateTime = LocalDateTime.of(2026, 1, 2, 3, 4, 5, 123_456_789);
		full.duration = Duration.ofSeconds(5, 7);
		full.bytes = new byte[] { 0, 1, -1, 127, -128 };
		full.legacy = new Date(1_700_000_000_123L);
		full.kind = Kind.LARGE;
		full.ordinal = Kind.SMALL;
		full.size = new Size(3, null);
		full.money = new Money(4200);
		full.labels = new ArrayList<>(List.of("x", "y"));
		full.counts = Map.of("one", 1);
		full.gadget = new Gadget("g1", "hammer");
		return full;
	}

	private static void assertSame(Everything actual, Everything expected) {
		RecursiveComparisonConfiguration configuration = RecursiveComparisonConfiguration.builder()
			.withIgnoredFields("gadget")
			.withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
			.build();
		assertThat(actual).usingRecursiveComparison(configuration).isEqualTo(expected);
	}

	@Test
	void everyTierAnswersTheSame() {
		store.put(full());
		var fromL1 = store.lookUp(this.id);
		var fromL2 = other.lookUp(this.id);
		store.invalidateAll();
		var fromL3 = store.lookUp(this.id);

		assertThat(List.of(fromL1.origin(), fromL2.origin(), fromL3.origin())).containsExactly(Origin.L1, Origin.L2,
				Origin.L3);
		Everything expected = Objects.requireNonNull(fromL3.value());
		assertSame(Objects.requireNonNull(fromL1.value()), expected);
		assertSame(Objects.requireNonNull(fromL2.value()), expected);
		assertThat(expected.number).isEqualTo(Integer.MAX_VALUE);
		assertThat(expected.large).isEqualTo(Long.MIN_VALUE);
		assertThat(expected.text).isEqualTo(full().text);
		assertThat(expected.decimal).isEqualByComparingTo("12345678.90");
		assertThat(expected.instant).isEqualTo(Instant.parse("2026-01-02T03:04:05.123457Z"));
		assertThat(expected.money).isEqualTo(new Money(4200));
		assertThat(expected.size).isEqualTo(new Size(3, null));
		assertThat(expected.labels).containsExactly("x", "y");
		assertThat(expected.role).isEqualTo("viewer");
	}

	@Test
	void nothingIsNothingInEveryTier() {
		a.jdbc
			.sql("insert into everything (id, number, large, single, twice, flag, created_at, updated_at)"
					+ " values (?, 0, 0, 0, 0, false, now(), now())")
			.param(this.id)
			.update();

		for (TieredStore<Everything, Long> each : List.of(store, store, other)) {
			Everything found = each.get(this.id);
			assertThat(found.text).isNull();
			assertThat(found.size).isNull();
			assertThat(found.labels).isNull();
			assertThat(found.gadget).isNull();
		}
		assertThat(store.search(Search.matching("e.id = :id", Map.of("id", this.id)))).hasSize(1);
		store.put(store.get(this.id));
		assertThat(store.get(this.id).text).isNull();
	}

	@Test
	void valuesInsideAnEntityAreOfTheCallerAlone() {
		Everything written = full();
		store.put(written);
		Objects.requireNonNull(written.labels).add("after the write");
		Objects.requireNonNull(written.bytes)[0] = 99;

		Everything read = store.get(this.id);
		assertThat(read.labels).containsExactly("x", "y");
		Objects.requireNonNull(read.labels).add("after the read");
		Objects.requireNonNull(read.bytes)[0] = 99;
		Objects.requireNonNull(read.legacy).setTime(0);

		Everything again = store.get(this.id);
		assertThat(again.labels).containsExactly("x", "y");
		assertThat(again.bytes).startsWith(0, 1);
		assertThat(again.legacy).hasTime(1_700_000_000_123L);
	}

	@Test
	void associationIsAReferenceByItsId() {
		store.put(full());

		for (TieredStore<Everything, Long> each : List.of(store, other)) {
			Gadget gadget = Objects.requireNonNull(each.get(this.id).gadget);
			assertThat(gadget).isInstanceOfSatisfying(HibernateProxy.class,
					(proxy) -> assertThat(proxy.getHibernateLazyInitializer().getInternalIdentifier()).isEqualTo("g1"));
		}
		store.put(store.get(this.id));
		assertThat(
				a.jdbc.sql("select gadget_id from everything where id = ?").param(this.id).query(String.class).single())
			.isEqualTo("g1");
	}

	@Test
	void replacedEntityKeepsTheTimeOfItsCreation() {
		store.put(full());
		Everything first = store.get(this.id);

		store.put(new Everything(this.id));

		Everything second = store.get(this.id);
		assertThat(second.createdAt).isNotNull().isEqualTo(first.createdAt);
		assertThat(second.updatedAt).isAfter(first.updatedAt);
		store.invalidate(this.id);
		assertSame(store.get(this.id), second);
		assertThat(second.role).isEqualTo("viewer");
	}

}
