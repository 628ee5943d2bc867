package io.strates.store;

import java.util.Map;
import java.util.TreeMap;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * The keys that {@link Encrypted} attributes are encrypted with. One is used for what is
 * written; the others are there for what was written with them before.
 *
 * @since 0.1.0
 */
public final class EncryptionKeys {

	private static final int KEY_BYTES = 32;

	private static final int MAX_ID = 100;

	private final String current;

	private final Map<String, SecretKey> keys;

	private EncryptionKeys(String current, Map<String, SecretKey> keys) {
		this.current = current;
		this.keys = keys;
	}

	/**
	 * Puts keys together.
	 * @param current the id of the key that is used for what is written
	 * @param keys the keys by id, each of 32 bytes
	 * @return the keys
	 * @throws IllegalArgumentException if a key has another length, an id is not of 1 to
	 * 100 ASCII characters, or there is no key with the current id
	 */
	public static EncryptionKeys of(String current, Map<String, byte[]> keys) {
		Map<String, SecretKey> copies = new TreeMap<>();
		keys.forEach((id, key) -> copies.put(checked(id), key(id, key)));
		if (!copies.containsKey(current)) {
			throw new IllegalArgumentException("The current encryption key is '" + current + "', but there are keys "
					+ copies.keySet() + " only; add it or name one of them");
		}
		return new EncryptionKeys(current, copies);
	}

	private static String checked(String id) {
		if (id.isEmpty() || id.length() > MAX_ID
				|| !id.chars().allMatch((character) -> character > 32 && character < 127)) {
			throw new IllegalArgumentException(
					"Encryption key id '" + id + "' is not of 1 to 100 printable ASCII characters; rename it");
		}
		return id;
	}

	private static SecretKey key(String id, byte[] key) {
		if (key.length != KEY_BYTES) {
			throw new IllegalArgumentException(
					"Encryption key '" + id + "' has " + key.length + " bytes; AES-256 needs " + KEY_BYTES);
		}
		return new SecretKeySpec(key, "AES");
	}

	/**
	 * Returns the id of the key that is used for what is written.
	 * @return the id
	 */
	public String current() {
		return this.current;
	}

	@Nullable SecretKey find(String id) {
		return this.keys.get(id);
	}

	/** Without the keys. */
	@Override
	public String toString() {
		return "encryption keys " + this.keys.keySet() + ", current " + this.current;
	}

}
