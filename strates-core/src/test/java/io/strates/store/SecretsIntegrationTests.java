package io.strates.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What is encrypted or kept out of caches. */
class SecretsIntegrationTests {

	private static final AtomicLong IDS = new AtomicLong();

	private static final SharedMemory memory = new SharedMemory();

	private static DevDatabase database;

	private static StoreNode a;

	private static StoreNode b;

	private static TieredStore<Secret, Long> store;

	private static TieredStore<Secret, Long> other;

	private final long id = IDS.incrementAndGet();

	@BeforeAll
	static void start() {
		database = DevPostgres.newDatabase();
		a = node("k1", "k1");
		b = node("k1", "k1");
		store = a.stores.store(Secret.class, Long.class);
		other = b.stores.store(Secret.class, Long.class);
	}

	@AfterAll
	static void stop() {
		a.close();
		b.close();
	}

	private static StoreNode node(String current, String... keys) {
		Map<String, byte[]> all = new HashMap<>();
		for (String key : keys) {
			all.put(key, Arrays.copyOf(key.getBytes(StandardCharsets.UTF_8), 32));
		}
		StoreNode node = StoreNode.on(database)
			.entities(Secret.class)
			.tier(memory.newNode())
			.keys(EncryptionKeys.of(current, all))
			.build();
		node.stores.add(Secret.class);
		return node;
	}

	private @Nullable String column(String name) {
		return a.jdbc.sql("select " + name + " from secret where id = ?")
			.param(this.id)
			.query((row, number) -> new @Nullable String[] { row.getString(1) })
			.single()[0];
	}

	private void set(String column, @Nullable String value) {
		a.jdbc.sql("update secret set " + column + " = ? where id = ?").params(value, this.id).update();
		store.invalidateAll();
	}

	@Test
	void secretIsReadAsItWasWrittenFromEveryTier() {
		for (String token : Arrays.asList("super-secret-token", "Grüße 世界", "", null, "x".repeat(65_536))) {
			store.put(new Secret(this.id, token));

			assertThat(store.lookUp(this.id).value()).extracting((secret) -> secret.token).isEqualTo(token);
			assertThat(other.lookUp(this.id).origin()).isEqualTo(Origin.L2);
			assertThat(other.get(this.id).token).isEqualTo(token);
			assertThat(store.search(Search.matching("e.id = :id", Map.of("id", this.id))).get(0).token)
				.isEqualTo(token);
			assertThat(store.searchCached(Search.matching("e.id = :id", Map.of("id", this.id))).get(0).token)
				.isEqualTo(token);
			store.invalidateAll();
			assertThat(store.get(this.id).token).isEqualTo(token);
			assertThat(column("token") == null).isEqualTo(token == null);
		}
	}

	@Test
	void clearTextIsNeitherInTheDatabaseNorInTheSecondTier() {
		Secret secret = new Secret(this.id, "super-secret-token");
		store.put(secret);
		String first = column("token");
		store.searchCached(Search.matching("e.id = :id", Map.of("id", this.id)));
		store.put(secret);

		assertThat(first).isNotNull().doesNotContain("secret").isNotEqualTo(column("token"));
		assertThat(secret.token).isEqualTo("super-secret-token");
		assertThat(memory.texts()).isNotEmpty().noneMatch((text) -> text.contains("super-secret"));
	}

	@Test
	void cipherTextThatWasTouchedDoesNotDecrypt() {
		store.put(new Secret(this.id, "mine"));
		String mine = column("token");
		long another = IDS.incrementAndGet();
		store.put(new Secret(another, "theirs"));
		String theirs = a.jdbc.sql("select token from secret where id = ?").param(another).query(String.class).single();
		char[] flipped = String.valueOf(mine).toCharArray();
		flipped[flipped.length / 2] = (flipped[flipped.length / 2] == 'A') ? 'B' : 'A';

		for (String wrong : List.of(theirs, new String(flipped), "clear text", "", "AQ==")) {
			set("token", wrong);

			assertThatExceptionOfType(DecodeFailedException.class).as(wrong)
				.isThrownBy(() -> store.get(this.id))
				.withMessageContaining("token")
				.withMessageContaining(String.valueOf(this.id));
			assertThatExceptionOfType(DecodeFailedException.class).isThrownBy(() -> store.get(this.id));
			assertThatExceptionOfType(DecodeFailedException.class)
				.isThrownBy(() -> store.search(Search.matching("e.id = :id", Map.of("id", this.id))));
		}
		set("token", null);
		set("pin", mine);
		assertThatExceptionOfType(DecodeFailedException.class).isThrownBy(() -> store.get(this.id))
			.withMessageContaining("pin");
		set("pin", null);
		set("token", mine);
		assertThat(store.get(this.id).token).isEqualTo("mine");
	}

	@Test
	void oldKeyReadsAndTheCurrentOneWrites() {
		store.put(new Secret(this.id, "mine"));
		try (StoreNode rotated = node("k2", "k1", "k2"); StoreNode stranger = node("k3", "k3")) {
			TieredStore<Secret, Long> renewing = rotated.stores.store(Secret.class, Long.class);
			assertThat(renewing.get(this.id).token).isEqualTo("mine");

			renewing.put(renewing.get(this.id));

			assertThatExceptionOfType(DecodeFailedException.class).isThrownBy(() -> store.get(this.id))
				.withMessageContaining("k2");
			assertThat(renewing.get(this.id).token).isEqualTo("mine");
			assertThatExceptionOfType(DecodeFailedException.class)
				.isThrownBy(() -> stranger.stores.store(Secret.class, Long.class).get(this.id));
		}
	}

	@Test
	void omittedAttributeIsInTheDatabaseOnly() {
		Secret secret = new Secret(this.id, null);
		secret.biography = "born in the database";
		store.put(secret);

		assertThat(column("biography")).isEqualTo("born in the database");
		assertThat(store.get(this.id).biography).isNull();
		assertThat(other.get(this.id).biography).isNull();
		assertThat(memory.texts()).noneMatch((text) -> text.contains("born in"));
		assertThat(store.search(Search.matching("e.id = :id", Map.of("id", this.id))).get(0).biography)
			.isEqualTo("born in the database");

		Secret read = store.get(this.id);
		read.name = "renamed";
		store.put(read);

		assertThat(column("biography")).isEqualTo("born in the database");
		assertThat(column("name")).isEqualTo("renamed");
	}

	@Test
	void warmedSecretIsReadWithoutTheDatabase() {
		store.put(new Secret(this.id, "mine"));
		store.invalidateAll();
		store.warm(0);
		a.sql();

		assertThat(store.get(this.id).token).isEqualTo("mine");

		assertThat(a.sql()).isEmpty();
	}

	@Test
	void primitiveIsThatOfTheStandard() throws Exception {
		byte[] key = new byte[32];
		for (int index = 0; index < key.length; index++) {
			key[index] = (byte) index;
		}
		HexFormat hex = HexFormat.of();

		byte[] clear = StateCipher.aes(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"),
				hex.parseHex("a0a1a2a3a4a5a6a7a8a9aaab"), new byte[0],
				hex.parseHex("956d0c4837e671da0117e2a72a0eafb515c28100a56bfa93fae06bf9f77a771fa8a5"));

		assertThat(new String(clear, StandardCharsets.UTF_8)).isEqualTo("super-secret-token");
	}

	@Test
	void keyOfAnotherLengthIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKeys.of("k1", Map.of("k1", new byte[31])))
			.withMessageContaining("k1")
			.withMessageContaining("31");
		assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKeys.of("k2", Map.of("k1", new byte[32])))
			.withMessageContaining("k2");
		assertThat(EncryptionKeys.of("k1", Map.of("k1", new byte[32]))).asString().doesNotContain("0, 0");
	}

	@Test
	void storeOfSecretsNeedsAKey() {
		try (StoreNode keyless = StoreNode.on(database).entities(Secret.class).tier(memory.newNode()).build()) {
			assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> keyless.stores.add(Secret.class))
				.withMessageContaining("@Encrypted")
				.withMessageContaining("encryption keys");
		}
	}

	@Test
	void readersNeverSeeACipherTextWhileOthersWrite() throws InterruptedException {
		store.put(new Secret(this.id, "token 0"));
		List<String> strange = Collections.synchronizedList(new ArrayList<>());
		List<Thread> threads = new ArrayList<>();
		for (int thread = 0; thread < 8; thread++) {
			boolean writes = thread < 2;
			threads.add(new Thread(() -> {
				for (int round = 0; round < 150; round++) {
					if (writes) {
						Secret secret = new Secret(this.id, "token " + round);
						secret.pin = secret.token;
						secret.name = String.valueOf(secret.token);
						store.put(secret);
					}
					else {
						Secret secret = ((round % 2 == 0) ? store : other).get(this.id);
						String token = String.valueOf(secret.token);
						if (!token.startsWith("token ") || !(secret.pin == null || secret.name.equals(secret.pin))) {
							strange.add(token + " " + secret.pin + " " + secret.name);
						}
					}
				}
			}));
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}

		assertThat(strange).isEmpty();
		assertThat(store.get(this.id).token).isEqualTo("token 149");
	}

}
