package io.strates.store;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheExplanation.Remote;
import io.strates.cache.CoherentCache;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Cipher texts and whole values that somebody has touched in the second tier. */
class TouchedSecretsIntegrationTests {

	private static final DevDatabase database = DevPostgres.newDatabase();

	/** Version, length of the key's id, and that id, in Base64. */
	private static final Pattern CIPHER = Pattern.compile("AQJrM[A-Za-z0-9+/]+=*");

	private final SharedMemory memory = new SharedMemory();

	private final StoreNode writer = node();

	private final StoreNode reader = node();

	private String mine = "";

	private String theirs = "";

	private StoreNode node() {
		StoreNode node = StoreNode.on(database)
			.entities(Secret.class, Gadget.class)
			.tier(this.memory.newNode())
			.keys(EncryptionKeys.of("k1", Map.of("k1", new byte[32])))
			.build();
		node.stores.add(Secret.class);
		node.stores.add(Gadget.class);
		return node;
	}

	@BeforeEach
	void write() {
		put(2, "their token", "their pin 1");
		this.theirs = this.memory.texts().get(0);
		put(1, "my token 12", "my pin 1234");
		this.mine = this.memory.texts().stream().filter((text) -> !text.equals(this.theirs)).findAny().orElseThrow();
	}

	@AfterEach
	void close() {
		this.writer.close();
		this.reader.close();
	}

	private void put(long id, String token, String pin) {
		Secret secret = new Secret(id, token);
		secret.pin = pin;
		this.writer.stores.store(Secret.class, Long.class).put(secret);
	}

	private static List<String> ciphers(String text) {
		List<String> found = CIPHER.matcher(text).results().map(MatchResult::group).toList();
		assertThat(found).hasSize(2);
		return found;
	}

	/** Touches what the second tier has of the first secret, and reads it. */
	private void assertLoadedAfter(UnaryOperator<String> touch) {
		String touched = touch.apply(this.mine);
		assertThat(touched).isNotEqualTo(this.mine);
		this.memory.edit((text) -> text.equals(this.mine) ? touched : text);
		TieredStore<Secret, Long> store = this.reader.stores.store(Secret.class, Long.class);

		assertThat(store.lookUp(1L)).satisfies((answer) -> {
			assertThat(answer.origin()).isEqualTo(Origin.L3);
			assertThat(answer.value())
				.extracting((secret) -> secret.id, (secret) -> secret.token, (secret) -> secret.pin)
				.containsExactly(1L, "my token 12", "my pin 1234");
		});
	}

	@Test
	void untouchedTextIsServed() {
		assertThat(this.reader.stores.store(Secret.class, Long.class).lookUp(1L).origin()).isEqualTo(Origin.L2);
	}

	@Test
	void textWithAChangedCharacterIsNotServed() {
		String cipher = ciphers(this.mine).get(0);
		int middle = cipher.length() / 2;
		String changed = cipher.substring(0, middle) + ((cipher.charAt(middle) == 'A') ? 'B' : 'A')
				+ cipher.substring(middle + 1);

		assertLoadedAfter((text) -> text.replace(cipher, changed));
	}

	@Test
	void textsThatAttributesHaveExchangedAreNotServed() {
		List<String> own = ciphers(this.mine);

		assertLoadedAfter((text) -> text.replace(own.get(0), "<own>")
			.replace(own.get(1), own.get(0))
			.replace("<own>", own.get(1)));
	}

	@Test
	void textOfTheSameAttributeOfAnotherIsNotServed() {
		assertLoadedAfter((text) -> text.replace(ciphers(text).get(0), ciphers(this.theirs).get(0)));
	}

	@Test
	void wholeValueOfAnotherIsNotServed() {
		assertLoadedAfter((text) -> this.theirs);
	}

	@Test
	void wholeValueOfAnotherIsAMissWhereNothingIsSecretToo() {
		TieredStore<Gadget, String> writing = this.writer.stores.store(Gadget.class, String.class);
		TieredStore<Gadget, String> reading = this.reader.stores.store(Gadget.class, String.class);
		writing.putAll(List.of(new Gadget("1:%{a}", "mine"), new Gadget("2", "theirs")));
		assertThat(reading.lookUp("2").origin()).isEqualTo(Origin.L2);
		this.memory.copy("c:gadget:2", "c:gadget:1%3A%25%7Ba%7D");

		assertThat(explained(reading)).isEqualTo(Remote.UNREADABLE);
		assertThat(reading.get("1:%{a}").name).isEqualTo("mine");
		assertThat(reading.statistics().entities().remoteMisses()).isEqualTo(1);
		assertThat(explained(reading)).isEqualTo(Remote.PRESENT);
	}

	@Test
	void whatAnotherSearchFoundIsNotServed() {
		TieredStore<Gadget, String> writing = this.writer.stores.store(Gadget.class, String.class);
		TieredStore<Gadget, String> reading = this.reader.stores.store(Gadget.class, String.class);
		writing.putAll(List.of(new Gadget("s1", "my name"), new Gadget("s2", "their name")));
		List<String> before = this.memory.keys("c:gadget.searches:");
		assertThat(namesFound(writing, "my name")).containsExactly("my name");
		String mine = this.memory.keys("c:gadget.searches:")
			.stream()
			.filter((key) -> !before.contains(key))
			.findAny()
			.orElseThrow();
		assertThat(namesFound(writing, "their name")).containsExactly("their name");
		this.reader.sql();
		assertThat(namesFound(reading, "their name")).containsExactly("their name");
		assertThat(this.reader.sql()).isEmpty();
		String theirs = this.memory.keys("c:gadget.searches:")
			.stream()
			.filter((key) -> !before.contains(key) && !key.equals(mine))
			.findAny()
			.orElseThrow();
		this.memory.copy(theirs, mine);

		assertThat(namesFound(reading, "my name")).containsExactly("my name");
	}

	private static List<String> namesFound(TieredStore<Gadget, String> store, String name) {
		return store.searchCached(Search.matching("e.name = :name", Map.of("name", name)))
			.stream()
			.map(Gadget::getName)
			.toList();
	}

	private Remote explained(TieredStore<Gadget, String> store) {
		CoherentCache<?, ?> cache = this.reader.tiers.coherentCaches().get(store.name());
		assertThat(cache).isNotNull();
		return cache.inspection().explain("1:%{a}").remote();
	}

}
