package io.strates.store;

import java.util.ArrayList;
import java.util.List;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Two versions of an application, of which the newer has one column more. */
class GainedColumnIntegrationTests {

	@Entity
	@Table(name = "film")
	@Tiered(name = "film")
	static class OldFilm {

		@Id
		@Nullable String id;

		@Nullable String title;

		OldFilm() {
		}

		OldFilm(String id, String title) {
			this.id = id;
			this.title = title;
		}

	}

	/** Another class with the same columns. */
	@Entity
	@Table(name = "film")
	@Tiered(name = "film")
	static class MovedFilm {

		@Id
		@Nullable String id;

		@Nullable String title;

	}

	@Entity
	@Table(name = "film")
	@Tiered(name = "film")
	static class NewFilm {

		@Id
		@Nullable String id;

		@Nullable String title;

		@Nullable Integer stars;

	}

	private final DevDatabase database = DevPostgres.newDatabase();

	private final SharedMemory memory = new SharedMemory();

	private final List<StoreNode> nodes = new ArrayList<>();

	@AfterEach
	void stop() {
		this.nodes.forEach(StoreNode::close);
	}

	private <T> TieredStore<T, String> films(Class<T> type) {
		StoreNode node = StoreNode.on(this.database).entities(type).tier(this.memory.newNode()).build();
		this.nodes.add(node);
		node.stores.add(type);
		return node.stores.store(type, String.class);
	}

	@Test
	void stateWithoutTheColumnIsLoadedAnewAndReplaced() {
		TieredStore<NewFilm, String> newer = films(NewFilm.class);
		films(OldFilm.class).put(new OldFilm("f", "M"));
		this.nodes.get(0).jdbc.sql("update film set stars = 5").update();
		// That the class is another one is no reason to load.
		assertThat(films(MovedFilm.class).lookUp("f").origin()).isEqualTo(Origin.L2);

		assertThat(newer.lookUp("f").origin()).isEqualTo(Origin.L3);

		assertThat(newer.get("f").stars).isEqualTo(5);
		TieredStore<NewFilm, String> another = films(NewFilm.class);
		assertThat(another.lookUp("f").origin()).isEqualTo(Origin.L2);
		assertThat(another.get("f").stars).isEqualTo(5);
		TieredStore<OldFilm, String> older = films(OldFilm.class);
		assertThat(older.lookUp("f").origin()).isEqualTo(Origin.L3);
		assertThat(older.get("f").title).isEqualTo("M");
	}

	@Test
	void writeOfTheOlderVersionIsSeenByTheNewer() {
		TieredStore<NewFilm, String> newer = films(NewFilm.class);
		TieredStore<OldFilm, String> older = films(OldFilm.class);
		older.put(new OldFilm("f", "M"));
		assertThat(newer.get("f").title).isEqualTo("M");

		older.put(new OldFilm("f", "Metropolis"));

		assertThat(newer.get("f").title).isEqualTo("Metropolis");
	}

}
