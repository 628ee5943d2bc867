package io.strates.store;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Writes that fail at their commit. */
class StoreCommitIntegrationTests {

	@Test
	void rowThatIsRefusedAtTheCommitIsKeptAgainAtOnce() {
		DevDatabase database = DevPostgres.newDatabase();
		try (StoreNode node = StoreNode.on(database).tier(new SharedMemory().newNode()).build()) {
			node.stores.add(Gadget.class);
			TieredStore<Gadget, String> gadgets = node.stores.store(Gadget.class, String.class);
			node.jdbc.sql("alter table gadget add unique (name) deferrable initially deferred").update();
			gadgets.put(new Gadget("one", "taken"));

			assertThatExceptionOfType(WriteRejectedException.class)
				.isThrownBy(() -> gadgets.put(new Gadget("two", "taken")));

			assertThat(gadgets.find("two")).isEmpty();
			node.jdbc.sql("insert into gadget (id, name, score) values ('two', 'free', 0)").update();
			gadgets.invalidate("two");
			assertThat(gadgets.lookUp("two").origin()).isEqualTo(Origin.L3);
			assertThat(gadgets.lookUp("two").origin()).isEqualTo(Origin.L1);
		}
	}

}
