package io.strates.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.strates.cache.CodecFactory;
import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * Writes states for L2 and for journals, with cipher texts where attributes are
 * encrypted.
 */
final class StateCodec implements ValueCodec<EntityState> {

	private final ValueCodec<@Nullable Object[]> rows;

	private final StateShape shape;

	StateCodec(CodecFactory codecs, StateShape shape) {
		this.rows = codecs.rowCodec(shape.layout(), shape.attributes().stream().map(StateAttribute::type).toList());
		this.shape = shape;
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
		try {
			return this.shape.decrypted(EntityState.of(this.rows.decode(bytes, offset, length)));
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
			return decode(body);
		}
		catch (IllegalArgumentException ex) {
			throw new DecodeFailedException("The queued write of " + id + " cannot be decoded", ex);
		}
	}

	/** Writes lists of states, each after its length. */
	ValueCodec<List<EntityState>> lists() {
		return new Lists(this);
	}

	private record Lists(StateCodec states) implements ValueCodec<List<EntityState>> {

		@Override
		public byte[] encode(List<EntityState> list) {
			List<byte[]> encoded = list.stream().map(this.states::encode).toList();
			int length = encoded.stream().mapToInt((bytes) -> Integer.BYTES + bytes.length).sum();
			ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + length).putInt(encoded.size());
			encoded.forEach((bytes) -> buffer.putInt(bytes.length).put(bytes));
			return buffer.array();
		}

		@Override
		public List<EntityState> decode(byte[] bytes) {
			try {
				ByteBuffer buffer = ByteBuffer.wrap(bytes);
				int size = buffer.getInt();
				List<EntityState> list = new ArrayList<>();
				for (int index = 0; index < size; index++) {
					int length = buffer.getInt();
					if (length < 0 || length > buffer.remaining()) {
						throw new IllegalArgumentException("The bytes hold no list of states");
					}
					byte[] state = new byte[length];
					buffer.get(state);
					list.add(this.states.decode(state));
				}
				return List.copyOf(list);
			}
			catch (BufferUnderflowException ex) {
				throw new IllegalArgumentException("The bytes hold no list of states", ex);
			}
		}

		@Override
		public String fingerprint() {
			return this.states.fingerprint() + "l";
		}

	}

}
