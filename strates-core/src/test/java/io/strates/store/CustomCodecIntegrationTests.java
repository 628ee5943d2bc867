package io.strates.store;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CodecFactory;
import io.strates.cache.SharedMemory;
import io.strates.cache.ValueCodec;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Stores whose codec is the application's own. */
class CustomCodecIntegrationTests {

	private static final Search<Gadget> FIRST = Search.matching("e.name = :name", Map.of("name", "first"));

	private final SharedMemory memory = new SharedMemory();

	private final DevDatabase database = DevPostgres.newDatabase();

	private final List<StoreNode> nodes = new ArrayList<>();

	@AfterEach
	void stop() {
		this.nodes.forEach(StoreNode::close);
	}

	private TieredStore<Gadget, String> store(CodecFactory codecs) {
		StoreNode node = StoreNode.on(this.database)
			.entities(Gadget.class)
			.codecs(codecs)
			.tier(this.memory.newNode())
			.build();
		this.nodes.add(node);
		node.stores.add(Gadget.class);
		return node.stores.store(Gadget.class, String.class);
	}

	/** What the database was asked for by all. */
	private int statements() {
		return this.nodes.stream().mapToInt((node) -> node.sql().size()).sum();
	}

	@Test
	void entitiesAndSearchesOfOneNodeAreReadByTheOtherThroughTheCodec() {
		TieredStore<Gadget, String> gadgets = store(new Turned("one"));
		TieredStore<Gadget, String> others = store(new Turned("one"));
		Gadget gadget = new Gadget("g", "first", "anna", Integer.MIN_VALUE);
		gadgets.put(gadget);
		gadgets.searchCached(FIRST);
		statements();

		assertThat(others.lookUp("g").origin()).isEqualTo(Origin.L2);
		assertThat(others.get("g")).usingRecursiveComparison().isEqualTo(gadget);
		assertThat(others.searchCached(FIRST)).usingRecursiveFieldByFieldElementComparator().containsExactly(gadget);

		assertThat(statements()).isZero();
		assertThat(this.memory.texts()).isNotEmpty()
			.noneMatch((text) -> text.contains("first"))
			.anyMatch((text) -> text.contains("tsrif"));
	}

	@Test
	void whatAnotherCodecHasWrittenIsLoadedAndReplaced() {
		TieredStore<Gadget, String> gadgets = store(new Turned("one"));
		TieredStore<Gadget, String> others = store(new Turned("two"));
		gadgets.put(new Gadget("g", "first"));
		gadgets.searchCached(FIRST);
		statements();

		assertThat(others.lookUp("g").origin()).isEqualTo(Origin.L3);
		assertThat(others.searchCached(FIRST)).extracting(Gadget::getName).containsExactly("first");

		assertThat(statements()).isEqualTo(2);
		assertThat(store(new Turned("two")).lookUp("g").origin()).isEqualTo(Origin.L2);
		assertThat(gadgets.lookUp("g").origin()).isEqualTo(Origin.L1);
	}

	/**
	 * Writes rows backwards.
	 *
	 * @param fingerprint what it says of itself
	 */
	private record Turned(String fingerprint) implements CodecFactory {

		@Override
		public <V> ValueCodec<V> codec(Class<V> type) {
			return new TurnedCodec<>(JacksonCodecs.smile().codec(type), this.fingerprint);
		}

		@Override
		public ValueCodec<@Nullable Object[]> rowCodec(String layout, List<? extends Type> types) {
			return new TurnedCodec<>(JacksonCodecs.smile().rowCodec(layout, types), this.fingerprint);
		}

	}

	private record TurnedCodec<V>(ValueCodec<V> codec, String fingerprint) implements ValueCodec<V> {

		@Override
		public byte[] encode(V value) {
			return turned(this.codec.encode(value));
		}

		@Override
		public V decode(byte[] bytes) {
			return this.codec.decode(turned(bytes));
		}

		private static byte[] turned(byte[] bytes) {
			byte[] turned = new byte[bytes.length];
			for (int index = 0; index < bytes.length; index++) {
				turned[index] = bytes[bytes.length - 1 - index];
			}
			return turned;
		}

	}

}
