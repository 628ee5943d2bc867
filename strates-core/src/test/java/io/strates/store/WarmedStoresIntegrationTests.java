package io.strates.store;

import java.util.List;
import java.util.stream.IntStream;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What one node reads that another has warmed. */
class WarmedStoresIntegrationTests {

	private static final int COUNT = 2_500;

	@Test
	void otherNodeReadsFromRedisWhatOneNodeHasWarmed() {
		DevDatabase database = DevPostgres.newDatabase();
		try (DevRedis redis = DevRedis.startEmbedded();
				StoreMachine here = new StoreMachine(database, redis, (options) -> options);
				StoreMachine there = new StoreMachine(database, redis, (options) -> options)) {
			here.node.jdbc
				.sql("insert into gadget (id, name, score) select 'g' || n, 'v' || n, n from generate_series(1, ?) n")
				.param(COUNT)
				.update();
			List<String> ids = IntStream.rangeClosed(1, COUNT).mapToObj((number) -> "g" + number).toList();

			assertThat(here.store.warm(0)).isEqualTo(COUNT);

			there.node.sql();
			assertThat(there.store.lookUp("g1").origin()).isEqualTo(Origin.L2);
			assertThat(there.store.getAll(ids).values()).hasSize(COUNT)
				.allMatch((gadget) -> gadget.name.equals("v" + gadget.score));
			assertThat(there.node.sql()).isEmpty();
			assertThat(there.store.lookUp("g2500").origin()).isEqualTo(Origin.L1);
		}
	}

}
