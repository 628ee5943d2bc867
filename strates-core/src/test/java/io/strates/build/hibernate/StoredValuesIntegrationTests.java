package io.strates.build.hibernate;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.ChunkFailedException;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.internal.jdbc.Database;
import io.strates.museum.Curiosity;
import io.strates.museum.Specimen;
import io.strates.museum.Specimens;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a row holds is the same whichever way it was written. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoredValuesIntegrationTests {

	private static TestNode node;

	private static TestNode multirow;

	private static TestNode h2;

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		node = TestNode.builder(database).entities(Specimen.class, Curiosity.class).chunkSize(1).build();
		multirow = TestNode.builder(database)
			.entities(Specimen.class, Curiosity.class)
			.rowsAsOn(Database.H2)
			.property("hibernate.hbm2ddl.auto", "none")
			.build();
		h2 = TestNode.builder(new DevDatabase("jdbc:h2:mem:values;DB_CLOSE_DELAY=-1", "sa", ""))
			.entities(Specimen.class, Curiosity.class)
			.build();
	}

	@AfterAll
	static void stop() {
		node.close();
		multirow.close();
		h2.close();
	}

	@Test
	void copyIsUsedForPlainValuesOnly() {
		assertThat(bulk(node, Specimen.class)).isInstanceOf(BulkInsert.Copy.class);
		assertThat(bulk(node, Curiosity.class)).isInstanceOf(BulkInsert.Multirow.class);
	}

	@Test
	void copyStoresWhatHibernateStores() {
		UUID copied = written(node, Specimens.plain());
		UUID persisted = persisted(node, Specimens.plain());

		assertSameRows(copied, persisted);
	}

	@Test
	void multirowInsertsStoreWhatHibernateStores() {
		UUID written = written(multirow, Specimens.plain());
		UUID persisted = persisted(node, Specimens.plain());

		assertSameRows(written, persisted);
	}

	@Test
	void valuesWithBindersOfTheirOwnAreStoredAsHibernateStoresThem() {
		UUID written = written(node, Specimens.odd());
		UUID persisted = persisted(node, Specimens.odd());

		List<String> columns = columns("curiosity");
		columns.remove("clob"); // a large object, of which the column holds the number
		String sql = "select " + String.join(", ", columns) + " from curiosity where build_strate = ? order by id";
		assertThat(rows(sql, written)).isEqualTo(rows(sql, persisted));
		String clobs = "select convert_from(lo_get(clob), 'UTF8') from curiosity where build_strate = ? and clob is not null";
		assertThat(rows(clobs, written)).isEqualTo(rows(clobs, persisted)).hasSize(1);
	}

	@Test
	void writtenValuesAreReadAsTheyWere() {
		UUID id = written(node, Specimens.plain());
		node.releases.release(id);

		List<Specimen> read = node.queries.pinned("museum", "values", () -> node.inTransaction(
				() -> node.entityManager.createQuery("from Specimen order by id", Specimen.class).getResultList()));

		List<Specimen> given = Specimens.plain();
		assertThat(read).hasSameSizeAs(given);
		for (int i = 0; i < given.size(); i++) {
			assertThat(read.get(i)).usingRecursiveComparison()
				.withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
				.withComparatorForType(Double::compare, Double.class)
				.withComparatorForType(Float::compare, Float.class)
				.withComparatorForType(Comparator.comparing((instant) -> micros(instant)), Instant.class)
				.withComparatorForType(Comparator.comparing((time) -> micros(time.toInstant())), OffsetDateTime.class)
				.ignoringFields("buildStrate", "stored", "clock")
				.isEqualTo(given.get(i));
		}
	}

	private static Instant micros(Instant instant) {
		return instant.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
	}

	@Test
	void h2StoresWhatHibernateStores() {
		List<Specimen> possible = Specimens.plain()
			.stream()
			.filter((each) -> each.instant == null || each.instant.toString().charAt(0) != '-')
			.toList();
		UUID written = written(h2, possible);
		UUID persisted = persisted(h2, possible.stream().map((each) -> copyOf(each)).toList());

		List<String> columns = h2.jdbc
			.sql("select lower(column_name) from information_schema.columns where table_name = 'SPECIMEN'"
					+ " and column_name <> 'BUILD_STRATE'")
			.query(String.class)
			.list();
		String sql = "select " + String.join(", ", columns) + " from specimen where build_strate = ? order by id";
		assertThat(texts(sql, written)).hasSameSizeAs(possible).isEqualTo(texts(sql, persisted));
	}

	private static List<String> texts(String sql, UUID build) {
		return h2.jdbc.sql(sql).param(build).query((row, number) -> {
			StringBuilder text = new StringBuilder();
			for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
				Object value = row.getObject(column);
				text.append((value instanceof byte[] bytes) ? HexFormat.of().formatHex(bytes) : value).append('|');
			}
			return text.toString();
		}).list();
	}

	private static Specimen copyOf(Specimen specimen) {
		return Specimens.plain().get((int) (specimen.getId() - 1));
	}

	@Test
	void aNulInATextIsRefusedWithItsPlace() {
		try (Build build = node.builds.open("museum", "nul")) {
			Specimen specimen = new Specimen(1);
			specimen.text = "a\0b";

			assertThatExceptionOfType(ChunkFailedException.class).isThrownBy(() -> build.writer().write(specimen))
				.withMessageContaining("rows of Specimen")
				.withMessageContaining("0x00")
				.withMessageContaining("line 1");
		}
	}

	@Test
	void aTextThatIsTooLongIsRefusedAndTheConnectionStaysUsable() {
		try (Build build = node.builds.open("museum", "long")) {
			Specimen specimen = new Specimen(1);
			specimen.shortText = "more than twenty characters";

			assertThatExceptionOfType(ChunkFailedException.class).isThrownBy(() -> build.writer().write(specimen))
				.withMessageContaining("too long")
				.withMessageContaining("short_text");
		}
		assertThat(written(node, List.of(new Specimen(1)))).isNotNull();
	}

	@Test
	@SuppressWarnings("JavaUtilDate")
	void aChangedArrayOrDateDoesNotChangeARowThatIsNotYetStored() {
		UUID id;
		try (Build build = multirow.builds.open("museum", "mutable")) {
			id = build.buildStrate();
			Specimen specimen = new Specimen(1);
			specimen.bytes = new byte[] { 1, 2 };
			Curiosity curiosity = new Curiosity(1);
			curiosity.date = new java.util.Date(1000);
			build.writer().write(specimen);
			build.writer().write(curiosity);

			specimen.bytes[0] = 9;
			curiosity.date.setTime(9000);
			build.seal();
		}

		assertThat(node.jdbc.sql("select bytes from specimen where build_strate = ?")
			.param(id)
			.query(byte[].class)
			.single()).containsExactly(1, 2);
		assertThat(node.count("select extract(epoch from date)::bigint from curiosity where build_strate = ?", id))
			.isEqualTo(1);
	}

	@Test
	void aTimeZoneForJdbcIsHonoured() {
		try (TestNode zoned = TestNode.builder(DevPostgres.newDatabase())
			.entities(Specimen.class)
			.property("hibernate.jdbc.time_zone", "Pacific/Auckland")
			.build()) {
			Specimen specimen = new Specimen(1);
			specimen.dayTime = LocalDateTime.of(2026, 6, 1, 12, 0);
			specimen.instant = java.time.Instant.parse("2026-06-01T12:00:00Z");
			Specimen same = new Specimen(1);
			same.dayTime = specimen.dayTime;
			same.instant = specimen.instant;
			UUID written = written(zoned, List.of(specimen));
			UUID persisted = persisted(zoned, List.of(same));

			String sql = "select day_time::text || ' ' || (instant at time zone 'UTC')::text from specimen where build_strate = ?";
			assertThat(zoned.jdbc.sql(sql).param(written).query(String.class).single())
				.isEqualTo(zoned.jdbc.sql(sql).param(persisted).query(String.class).single());
		}
	}

	private static BulkInsert bulk(TestNode on, Class<?> type) {
		SessionFactoryImplementor factory = on.entityManagerFactory.unwrap(SessionFactoryImplementor.class);
		EntityPersister persister = factory.getMappingMetamodel().getEntityDescriptor(type);
		RowPlan plan = RowPlan.of(persister);
		assertThat(plan).isNotNull();
		return BulkInsert.of(plan, on.database, factory);
	}

	private static UUID written(TestNode on, List<?> entities) {
		try (Build build = on.builds.open("museum", "values")) {
			build.writer().writeAll(entities);
			return build.seal().buildStrate();
		}
	}

	private static UUID persisted(TestNode on, List<?> entities) {
		try (Build build = on.builds.open("museum", "values")) {
			build.run(() -> on.transaction
				.executeWithoutResult((status) -> entities.forEach((entity) -> on.entityManager.persist(entity))));
			return build.seal().buildStrate();
		}
	}

	private static void assertSameRows(UUID written, UUID persisted) {
		for (String column : columns("specimen")) {
			String sql = "select " + column + " from specimen where build_strate = ? order by id";
			List<String> actual = rows(sql, written);
			List<String> expected = rows(sql, persisted);
			assertThat(actual).as(column).hasSameSizeAs(Specimens.plain());
			for (int i = 0; i < actual.size(); i++) {
				assertThat(actual.get(i)).as("%s of row %d", column, i + 1).isEqualTo(expected.get(i));
			}
		}
	}

	private static List<String> columns(String table) {
		return new ArrayList<>(node.jdbc.sql(
				"select column_name from information_schema.columns where table_name = ? and column_name <> 'build_strate'")
			.param(table)
			.query(String.class)
			.list());
	}

	/** As the server shows them: no driver's conversion hides a difference. */
	private static List<String> rows(String sql, UUID build) {
		return node.jdbc.sql("select row(t.*)::text from (" + sql + ") t").param(build).query(String.class).list();
	}

}
