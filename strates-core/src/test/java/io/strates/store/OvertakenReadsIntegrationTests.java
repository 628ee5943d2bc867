package io.strates.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.store.SlowTables.Stop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Reads of one node that have their rows when the other node writes. */
class OvertakenReadsIntegrationTests {

	private static final String ID = "letter-1";

	private static final Search<SlowLetter> ANNAS = Search.matching("e.sender = :sender", Map.of("sender", "anna"));

	private final SharedMemory memory = new SharedMemory();

	private final SlowTables tables = new SlowTables();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private StoreNode a;

	private StoreNode b;

	private TieredStore<SlowLetter, String> letters;

	private TieredStore<SlowLetter, String> others;

	@BeforeEach
	void start() {
		DevDatabase database = DevPostgres.newDatabase();
		this.a = StoreNode.on(database)
			.entities(SlowLetter.class)
			.tables(this.tables)
			.tier(this.memory.newNode())
			.build();
		this.b = StoreNode.on(database).entities(SlowLetter.class).tier(this.memory.newNode()).build();
		this.a.stores.add(SlowLetter.class);
		this.b.stores.add(SlowLetter.class);
		this.letters = this.a.stores.store(SlowLetter.class, String.class);
		this.others = this.b.stores.store(SlowLetter.class, String.class);
		this.a.jdbc.sql("insert into slow_letter (id, text, sender) values (?, 'v1', 'anna')").param(ID).update();
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.a.close();
		this.b.close();
	}

	@Test
	void deletedEntityDoesNotComeBack() throws Exception {
		Stop stop = this.tables.stopNext();
		Future<Optional<SlowLetter>> read = this.threads.submit(() -> this.letters.find(ID));
		stop.awaitReader();

		this.others.delete(ID);
		stop.open();

		assertThat(read.get()).isPresent();
		assertThat(this.letters.find(ID)).isEmpty();
		assertThat(this.others.find(ID)).isEmpty();
		this.letters.invalidateAll();
		assertThat(this.others.find(ID)).isEmpty();
	}

	@Test
	void searchIsNotCachedNorIsWhatItFound() throws Exception {
		Stop stop = this.tables.stopNext();
		Future<List<SlowLetter>> read = this.threads.submit(() -> this.letters.searchCached(ANNAS));
		stop.awaitReader();

		this.others.putAll(List.of(new SlowLetter(ID, "v2", "anna"), new SlowLetter("letter-2", "v2", "anna")));
		stop.open();

		assertThat(read.get()).extracting((letter) -> letter.text).containsExactly("v1");
		for (TieredStore<SlowLetter, String> store : List.of(this.letters, this.others)) {
			assertThat(store.get(ID).text).isEqualTo("v2");
			assertThat(store.searchCached(ANNAS)).extracting((letter) -> letter.text).containsExactly("v2", "v2");
		}
	}

}
