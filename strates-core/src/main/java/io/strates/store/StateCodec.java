package io.strates.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.strates.cache.CodecFactory;
import io.strates.cache.ValueCodec;
import io.strates.store.StoreParts.FoundStates;
import org.jspecify.annotations.Nullable;

/**
 * Writes states for L2 and for journals, with cipher texts where attributes are
 * encrypted.
 */
final class StateCodec implements ValueCodec<EntityState> {

	private final ValueCodec<@Nullable Object[]> rows;

	private final StateShape shape;

	private final Function<String, ?> ids;

	/**
	 * Creates a codec.
	 * @param codecs makes what encodes values
	 * @param shape what is known of the states
	 * @param ids returns the id of a text
	 */
	StateCodec(CodecFactory codecs, StateShape shape, Function<String, ?> ids) {
		this.rows = codecs.rowCodec(shape.layout(), shape.attributes().stream().map(StateAttribute::type).toList());
		this.shape = shape;
		this.ids = ids;
	}

	@Override
	public byte[] encode(EntityState state) {
		byte[] kept = state.takeEncoded();
		return (kept != null) ? kept : this.rows.encode(this.shape.encrypted(state).copy());
	}

	@Override
	public EntityState decode(byte[] bytes) {
		return decode(bytes, 0, bytes.length);
	}

	@Override
	public EntityState decode(byte[] bytes, int offset, int length) {
		EntityState state = EntityState.of(this.rows.decode(bytes, offset, length));
		return decrypted(state, state.value(0));
	}

	/**
	 * Whoever can write to L2 can copy what is there of one entity to where another is,
	 * cipher texts and all: so neither is the id taken from the copy, nor what the cipher
	 * texts belong to.
	 */
	@Override
	public EntityState decode(String key, byte[] bytes, int offset, int length) {
		Object id = this.ids.apply(key);
		EntityState state = EntityState.of(this.rows.decode(bytes, offset, length));
		if (!id.equals(state.value(0))) {
			throw new IllegalArgumentException("The bytes hold the state of " + state.value(0) + ", not of " + id);
		}
		return decrypted(state, id);
	}

	private EntityState decrypted(EntityState state, @Nullable Object id) {
		try {
			return this.shape.decrypted(state, id);
		}
		catch (DecodeFailedException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
	}

	@Override
	public String fingerprint() {
		return this.rows.fingerprint();
	}

	/**
	 * Encodes a state for a journal, which another version of the application may read.
	 */
	byte[] queued(EntityState state) {
		byte[] layout = fingerprint().getBytes(StandardCharsets.US_ASCII);
		byte[] body = encode(state);
		// The second tier is about to hold the same.
		state.keepEncoded(body);
		return ByteBuffer.allocate(1 + layout.length + body.length)
			.put((byte) layout.length)
			.put(layout)
			.put(body)
			.array();
	}

	EntityState fromQueue(String id, byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		byte[] layout = new byte[Math.min(buffer.get() & 0xFF, buffer.remaining())];
		buffer.get(layout);
		if (!new String(layout, StandardCharsets.US_ASCII).equals(fingerprint())) {
			throw new DecodeFailedException("The queued write of " + id
					+ " is of another version of the application; let that version flush it", null);
		}
		byte[] body = new byte[buffer.remaining()];
		buffer.get(body);
		try {
			return decode(id, body, 0, body.length);
		}
		catch (IllegalArgumentException ex) {
			throw new DecodeFailedException("The queued write of " + id + " cannot be decoded", ex);
		}
	}

	/** Writes what searches found: their key, and the states, each after its length. */
	ValueCodec<FoundStates> found() {
		return new Found(this);
	}

	private record Found(StateCodec states) implements ValueCodec<FoundStates> {

		@Override
		public byte[] encode(FoundStates found) {
			byte[] key = found.key().getBytes(StandardCharsets.UTF_8);
			List<byte[]> encoded = found.states().stream().map(this.states::encode).toList();
			int length = encoded.stream().mapToInt((bytes) -> Integer.BYTES + bytes.length).sum();
			ByteBuffer buffer = ByteBuffer.allocate(2 * Integer.BYTES + key.length + length)
				.putInt(key.length)
				.put(key)
				.putInt(encoded.size());
			encoded.forEach((bytes) -> buffer.putInt(bytes.length).put(bytes));
			return buffer.array();
		}

		@Override
		public FoundStates decode(byte[] bytes) {
			try {
				ByteBuffer buffer = ByteBuffer.wrap(bytes);
				String key = new String(next(buffer), StandardCharsets.UTF_8);
				int size = buffer.getInt();
				List<EntityState> list = new ArrayList<>();
				for (int index = 0; index < size; index++) {
					list.add(this.states.decode(next(buffer)));
				}
				return new FoundStates(key, List.copyOf(list));
			}
			catch (BufferUnderflowException ex) {
				throw new IllegalArgumentException("The bytes hold nothing that a search found", ex);
			}
		}

		private static byte[] next(ByteBuffer buffer) {
			int length = buffer.getInt();
			if (length < 0 || length > buffer.remaining()) {
				throw new IllegalArgumentException("The bytes hold nothing that a search found");
			}
			byte[] bytes = new byte[length];
			buffer.get(bytes);
			return bytes;
		}

		/**
		 * Whoever can write to L2 can copy what one search found to where that of another
		 * is.
		 */
		@Override
		public FoundStates decode(String key, byte[] bytes, int offset, int length) {
			FoundStates found = decode(bytes, offset, length);
			if (!found.key().equals(key)) {
				throw new IllegalArgumentException("The bytes hold what search " + found.key() + " found, not " + key);
			}
			return found;
		}

		@Override
		public String fingerprint() {
			return this.states.fingerprint() + "f";
		}

	}

}
