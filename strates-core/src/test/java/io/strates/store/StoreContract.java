package io.strates.store;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.dev.DevDatabase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.ColumnDefault;
import org.hibernate.annotations.CreationTimestamp;
import org.hibernate.annotations.Generated;
import org.hibernate.annotations.UpdateTimestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.data.domain.Example;
import org.springframework.data.domain.ExampleMatcher;
import org.springframework.data.domain.Sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What a store does on each kind of database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {

	/** Has values of which the database makes others. */
	@Entity
	@Tiered
	static class Ticket {

		@Id
		@Nullable String id;

		@Column(precision = 10, scale = 2)
		@Nullable BigDecimal amount;

		@Nullable Instant due;

		@CreationTimestamp
		@Nullable Instant createdAt;

		@UpdateTimestamp
		@Nullable Instant updatedAt;

		@Generated
		@ColumnDefault("'viewer'")
		@Nullable String role;

		Ticket() {
		}

		Ticket(String id) {
			this.id = id;
			this.amount = new BigDecimal("1.5");
			this.due = Instant.parse("2026-01-02T03:04:05.123456789Z");
		}

	}

	/** Written behind. */
	@Entity
	@Table(name = "note")
	@Tiered(writeMode = WriteMode.WRITE_BEHIND)
	static class Note {

		@Id
		@Nullable String id;

		@Column(length = 10)
		String text = "";

		Note() {
		}

		Note(String id, String text) {
			this.id = id;
			this.text = text;
		}

	}

	private static final AtomicInteger TESTS = new AtomicInteger();

	private final StoreNode node = StoreNode.on(database())
		.entities(Gadget.class, Secret.class, Ticket.class, Note.class)
		.keys(EncryptionKeys.of("k1", Map.of("k1", new byte[32])))
		.journals((store) -> new InMemoryJournal())
		.build();

	private TieredStore<Gadget, String> gadgets;

	private TieredStore<Note, String> notes;

	private String id = "";

	/** Returns an empty database. */
	protected abstract DevDatabase database();

	@BeforeAll
	void start() {
		this.node.stores.add(Gadget.class);
		this.node.stores.add(Secret.class);
		this.node.stores.add(Ticket.class);
		this.node.stores.add(Note.class);
		this.gadgets = this.node.stores.store(Gadget.class, String.class);
		this.notes = this.node.stores.store(Note.class, String.class);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@BeforeEach
	void forgetStatements() {
		this.id = "g" + TESTS.incrementAndGet();
		this.node.sql();
	}

	private Gadget gadget(int number) {
		return new Gadget(this.id + "-" + number, "name " + number, this.id, number);
	}

	private Search<Gadget> own() {
		return Search.matching("e.owner = :owner", Map.of("owner", this.id));
	}

	private List<String> names(String table, String column) {
		return this.node.jdbc.sql("select " + column + " from " + table + " where id like ? order by id")
			.param(this.id + "%")
			.query(String.class)
			.list();
	}

	/** Leaves out those of the thread that flushes queued writes. */
	private List<String> statements() {
		return this.node.sql().stream().filter((sql) -> sql.contains(" gadget")).toList();
	}

	private static List<Integer> scores(List<Gadget> found) {
		return found.stream().map((gadget) -> gadget.score).toList();
	}

	@Test
	void rowsAreInsertedChangedAndDeleted() {
		this.gadgets.put(new Gadget(this.id + "a", "v1"));
		this.gadgets.putAll(List.of(new Gadget(this.id + "a", "v2"), new Gadget(this.id + "b", "v1"),
				new Gadget(this.id + "c", "v1")));

		assertThat(this.gadgets.get(this.id + "a").name).isEqualTo("v2");
		assertThat(names("gadget", "name")).containsExactly("v2", "v1", "v1");
		this.gadgets.invalidateAll();
		assertThat(this.gadgets.getAll(List.of(this.id + "a", this.id + "b", this.id + "x")))
			.containsOnlyKeys(this.id + "a", this.id + "b");

		this.gadgets.delete(this.id + "x");
		this.gadgets.deleteAll(List.of(this.id + "a", this.id + "b"));

		assertThat(names("gadget", "id")).containsExactly(this.id + "c");
		assertThat(this.gadgets.find(this.id + "a")).isEmpty();
	}

	@Test
	void rowThatIsWrittenTwiceAsItIsStaysAsItIs() {
		this.gadgets.put(gadget(1));
		this.gadgets.put(gadget(1));

		assertThat(names("gadget", "name")).containsExactly("name 1");
		assertThat(this.gadgets.get(this.id + "-1").score).isEqualTo(1);
	}

	@Test
	void manyRowsAreWrittenReadAndDeletedWithFewStatements() {
		List<Gadget> all = IntStream.range(0, 2_500).mapToObj(this::gadget).toList();

		this.gadgets.putAll(all);
		all.forEach((each) -> each.name = "changed");
		this.gadgets.putAll(all);
		assertThat(statements()).hasSizeLessThanOrEqualTo(10);
		this.gadgets.invalidateAll();

		assertThat(this.gadgets.getAll(all.stream().map(Gadget::getId).toList()).values()).hasSize(2_500)
			.allMatch((each) -> each.name.equals("changed"));
		this.gadgets.deleteAll(all.stream().map(Gadget::getId).toList());
		assertThat(statements()).hasSizeLessThanOrEqualTo(10);
		assertThat(this.gadgets.count(own())).isZero();
	}

	@Test
	void refusedWriteChangesNothing() {
		this.gadgets.put(new Gadget(this.id + "x", "v1").withSerial(this.id));
		this.gadgets.put(new Gadget(this.id + "y", "v1"));

		assertThatExceptionOfType(WriteRejectedException.class)
			.isThrownBy(() -> this.gadgets
				.putAll(List.of(new Gadget(this.id + "z", "v1"), new Gadget(this.id + "y", "v2").withSerial(this.id))))
			.satisfies((failure) -> assertThat(failure.retryable()).isFalse());

		assertThat(this.gadgets.get(this.id + "y").name).isEqualTo("v1");
		assertThat(this.gadgets.exists(this.id + "z")).isFalse();
		assertThat(names("gadget", "name")).containsExactly("v1", "v1");
	}

	@Test
	void transactionIsAllOrNothing() {
		this.gadgets.transaction((work) -> work.put(gadget(1)).put(gadget(2)).delete(this.id + "-2"));
		assertThat(scores(this.gadgets.search(own()))).containsExactly(1);

		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.gadgets.transaction((work) -> {
			work.put(gadget(3)).delete(this.id + "-1");
			assertThat(work.find(this.id + "-3")).isPresent();
			throw new IllegalStateException("no");
		}));

		assertThat(scores(this.gadgets.search(own()))).containsExactly(1);
		assertThat(this.gadgets.get(this.id + "-1").score).isEqualTo(1);
	}

	@Test
	void searchesFindOrderPageAndCount() {
		this.gadgets.putAll(IntStream.range(0, 20).mapToObj(this::gadget).toList());
		Sort backwards = Sort.by(Sort.Order.desc("score"));

		assertThat(scores(this.gadgets.search(own().sort(backwards).limit(3).offset(2)))).containsExactly(17, 16, 15);
		assertThat(scores(this.gadgets.search(
				Search
					.<Gadget>where((root, query, builder) -> builder.and(builder.equal(root.get("owner"), this.id),
							builder.lt(root.get("score"), 2)))
					.sort(backwards))))
			.containsExactly(1, 0);
		Gadget probe = gadget(7);
		assertThat(scores(this.gadgets.search(Search.like(Example.of(probe, ExampleMatcher.matching())))))
			.containsExactly(7);
		assertThat(this.gadgets.search(own().fields("score").sort(backwards).limit(1))).singleElement()
			.satisfies((found) -> {
				assertThat(found.score).isEqualTo(19);
				assertThat(found.owner).isNull();
			});
		assertThat(this.gadgets.count(own().limit(3))).isEqualTo(20);
		assertThat(this.gadgets
			.count(Search.matching("e.owner = :owner and e.score >= :score", Map.of("owner", this.id, "score", 15))))
			.isEqualTo(5);
	}

	@Test
	void cachedSearchDiesWithAnyWrite() {
		this.gadgets.put(gadget(1));
		assertThat(this.gadgets.searchCached(own())).hasSize(1);
		this.node.sql();
		assertThat(this.gadgets.searchCached(own())).hasSize(1);
		assertThat(statements()).isEmpty();

		this.gadgets.put(gadget(2));

		assertThat(this.gadgets.searchCached(own())).hasSize(2);
	}

	@Test
	void warmingReadsTheTable() {
		this.gadgets.putAll(IntStream.range(0, 5).mapToObj(this::gadget).toList());
		this.gadgets.invalidateAll();

		assertThat(this.gadgets.warm(0)).isEqualTo(this.gadgets.count(Search.all()));

		this.node.sql();
		assertThat(this.gadgets.lookUp(this.id + "-3").origin()).isEqualTo(Origin.L1);
		assertThat(statements()).isEmpty();
	}

	@Test
	void memoryHoldsWhatTheDatabaseMakesOfAValue() {
		TieredStore<Ticket, String> tickets = this.node.stores.store(Ticket.class, String.class);
		tickets.put(new Ticket(this.id));
		Ticket first = tickets.get(this.id);
		tickets.invalidateAll();
		Ticket read = tickets.get(this.id);

		assertThat(first).usingRecursiveComparison().isEqualTo(read);
		assertThat(read.amount).isEqualTo(new BigDecimal("1.50"));
		assertThat(read.due).isBetween(Instant.parse("2026-01-02T03:04:05.123456Z"),
				Instant.parse("2026-01-02T03:04:05.123457Z"));
		assertThat(read.role).isEqualTo("viewer");

		tickets.put(new Ticket(this.id));

		Ticket second = tickets.get(this.id);
		tickets.invalidateAll();
		assertThat(tickets.get(this.id)).usingRecursiveComparison().isEqualTo(second);
		assertThat(second.createdAt).isNotNull().isEqualTo(first.createdAt);
		assertThat(Objects.requireNonNull(second.updatedAt)).isAfter(first.updatedAt);
	}

	@Test
	void attributeThatIsNotCachedStaysAsItIsAndSecretsAreEncrypted() {
		TieredStore<Secret, Long> secrets = this.node.stores.store(Secret.class, Long.class);
		Secret secret = new Secret(1, "Grüße 世界");
		secret.biography = "long";
		secrets.put(secret);

		secrets.put(secrets.get(1L));

		Secret found = secrets.search(Search.matching("e.id = :id", Map.of("id", 1L))).get(0);
		assertThat(found.biography).isEqualTo("long");
		assertThat(found.token).isEqualTo("Grüße 世界");
		assertThat(this.node.jdbc.sql("select token from secret where id = 1").query(String.class).single())
			.doesNotContain("世界");
		secrets.delete(1L);
	}

	@Test
	void queuedWritesAreFlushedInTheirOrder() {
		this.notes.put(new Note(this.id + "a", "old"));
		this.notes.put(new Note(this.id + "b", "v1"));
		this.notes.put(new Note(this.id + "a", "new"));
		this.notes.delete(this.id + "b");
		this.notes.put(new Note(this.id + "c", "v1"));

		assertThat(this.notes.get(this.id + "a").text).isEqualTo("new");
		this.notes.flush();

		assertThat(names("note", "text")).containsExactly("new", "v1");
		assertThat(this.notes.statistics().queuedWrites()).isZero();
		this.notes.invalidateAll();
		assertThat(this.notes.get(this.id + "a").text).isEqualTo("new");
		assertThat(this.notes.find(this.id + "b")).isEmpty();
	}

	@Test
	void queuedWriteThatTheDatabaseRefusesHoldsUpNoOther() {
		this.notes.put(new Note(this.id + "a", "far too long for the column"));
		this.notes.put(new Note(this.id + "b", "v1"));

		await().atMost(Duration.ofSeconds(30)).until(() -> {
			try {
				this.notes.flush();
			}
			catch (FlushFailedException ex) {
				assertThat(names("note", "text")).containsExactly("v1");
			}
			return this.notes.statistics().deadWrites() == 1;
		});

		assertThat(names("note", "text")).containsExactly("v1");
		assertThat(this.notes.queuedWrites().orElseThrow().dead(10)).singleElement()
			.satisfies((letter) -> assertThat(letter.write().id()).isEqualTo(this.id + "a"));
	}

}
