package io.strates.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts the attributes of states that are to be encrypted.
 */
/*
 * The cipher text of an attribute is the Base64 form of: version (1 byte), length of the
 * key's id (1 byte), the key's id, nonce (12 bytes), cipher text and tag as AES-GCM gives
 * them. Associated data are the name of the store, of the attribute, and the id of the
 * entity, each after its length: a cipher text that is copied elsewhere does not decrypt.
 */
final class StateCipher {

	private static final byte VERSION = 1;

	private static final int NONCE_BYTES = 12;

	private static final int TAG_BITS = 128;

	private final String store;

	private final List<StateAttribute> attributes;

	private final int[] encrypted;

	private final EncryptionKeys keys;

	private final SecureRandom random = new SecureRandom();

	StateCipher(String store, List<StateAttribute> attributes, int[] encrypted, EncryptionKeys keys) {
		this.store = store;
		this.attributes = attributes;
		this.encrypted = encrypted;
		this.keys = keys;
	}

	EntityState encrypt(EntityState state) {
		@Nullable Object[] values = state.copy();
		for (int index : this.encrypted) {
			if (values[index] instanceof String text) {
				values[index] = encrypt(text, index, values[0]);
			}
		}
		return EntityState.of(values);
	}

	/** Decrypts what was encrypted for an id, whichever is in the state. */
	EntityState decrypt(EntityState state, @Nullable Object id) {
		@Nullable Object[] values = state.copy();
		for (int index : this.encrypted) {
			if (values[index] instanceof String text) {
				values[index] = decrypt(text, index, id);
			}
		}
		return EntityState.of(values);
	}

	private String encrypt(String text, int index, @Nullable Object id) {
		byte[] keyId = this.keys.current().getBytes(StandardCharsets.US_ASCII);
		byte[] nonce = new byte[NONCE_BYTES];
		this.random.nextBytes(nonce);
		SecretKey key = this.keys.find(this.keys.current());
		try {
			byte[] sealed = aes(Cipher.ENCRYPT_MODE, key, nonce, position(index, id),
					text.getBytes(StandardCharsets.UTF_8));
			ByteBuffer envelope = ByteBuffer.allocate(2 + keyId.length + NONCE_BYTES + sealed.length);
			envelope.put(VERSION).put((byte) keyId.length).put(keyId).put(nonce).put(sealed);
			return Base64.getEncoder().encodeToString(envelope.array());
		}
		catch (GeneralSecurityException ex) {
			throw new EncodeFailedException(name(index, id) + " cannot be encrypted", ex);
		}
	}

	private String decrypt(String text, int index, @Nullable Object id) {
		try {
			ByteBuffer envelope = ByteBuffer.wrap(Base64.getDecoder().decode(text));
			if (envelope.remaining() < 2 || envelope.get() != VERSION) {
				throw failed(index, id, "it has no known form", null);
			}
			byte[] keyId = new byte[envelope.get() & 0xFF];
			byte[] nonce = new byte[NONCE_BYTES];
			if (envelope.remaining() < keyId.length + nonce.length) {
				throw failed(index, id, "it is too short", null);
			}
			envelope.get(keyId).get(nonce);
			String keyName = new String(keyId, StandardCharsets.US_ASCII);
			SecretKey key = this.keys.find(keyName);
			if (key == null) {
				throw failed(index, id, "its key '" + keyName + "' is not among the encryption keys; add it", null);
			}
			byte[] sealed = new byte[envelope.remaining()];
			envelope.get(sealed);
			return new String(aes(Cipher.DECRYPT_MODE, key, nonce, position(index, id), sealed),
					StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw failed(index, id, "it is no cipher text", ex);
		}
		catch (GeneralSecurityException ex) {
			throw failed(index, id, "it was changed, moved, or encrypted with another key of that name", ex);
		}
	}

	static byte[] aes(int mode, @Nullable SecretKey key, byte[] nonce, byte[] associated, byte[] input)
			throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(associated);
		return cipher.doFinal(input);
	}

	private byte[] position(int index, @Nullable Object id) {
		ByteArrayOutputStream position = new ByteArrayOutputStream();
		for (String part : List.of(this.store, this.attributes.get(index).name(), String.valueOf(id))) {
			byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
			position.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
			position.writeBytes(bytes);
		}
		return position.toByteArray();
	}

	private DecodeFailedException failed(int index, @Nullable Object id, String why, @Nullable Throwable cause) {
		return new DecodeFailedException(name(index, id) + " cannot be decrypted: " + why, cause);
	}

	private String name(int index, @Nullable Object id) {
		return "Attribute " + this.attributes.get(index).name() + " of " + this.store + " " + id;
	}

}
