package io.strates.cache.spring;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

import io.strates.cache.CodecFactory;
import io.strates.cache.Tiers;
import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * The types of the values of one cache. Values are written with the fingerprint of their
 * type, never with its name: what was read is one of the declared types or nothing.
 */
final class ValueTypes implements ValueCodec<Held> {

	private static final byte NULL = 0;

	private static final byte VALUE = 1;

	private final String cache;

	private final Tiers tiers;

	private final List<ValueType> types = new ArrayList<>();

	private final String fingerprint;

	ValueTypes(String cache, Collection<? extends Type> types, Tiers tiers, @Nullable CodecFactory codecs) {
		this.cache = cache;
		this.tiers = tiers;
		StringBuilder layout = new StringBuilder("spring");
		for (Type type : types) {
			ValueCodec<Object> codec = (codecs != null) ? codecs.typeCodec(type) : null;
			Class<?> raw = ResolvableType.forType(type).resolve(Object.class);
			this.types.add(new ValueType(type, raw, codec, tiers.freezer(type)));
			layout.append(',').append((codec != null) ? codec.fingerprint() : "");
		}
		this.fingerprint = digest(layout.toString());
	}

	private static String digest(String layout) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(layout.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, 8);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Returns what the tiers are to hold of a value.
	 * @throws IllegalArgumentException if callers cannot be given values of their own
	 */
	Held held(@Nullable Object value) {
		if (value == null) {
			return Held.NULL;
		}
		ValueType type = typeOf(value);
		if (type == null || !type.isKept()) {
			return undeclared(value);
		}
		try {
			return type.held(value);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Cache '" + this.cache + "' cannot keep a " + value.getClass().getName()
					+ ": " + ex.getMessage() + "; declare its type with strates.cache.caches." + this.cache
					+ ".type, or answer with a record", ex);
		}
	}

	private @Nullable ValueType typeOf(Object value) {
		List<ValueType> exact = this.types.stream().filter((type) -> type.raw() == value.getClass()).toList();
		if (exact.size() == 1) {
			return exact.get(0);
		}
		List<ValueType> fitting = this.types.stream().filter((type) -> type.raw().isInstance(value)).toList();
		return (fitting.size() == 1) ? fitting.get(0) : null;
	}

	private Held undeclared(Object value) {
		UnaryOperator<Object> freezer = this.tiers.freezer(value.getClass());
		if (freezer == null) {
			throw new IllegalArgumentException("Cache '" + this.cache + "' cannot keep a " + value.getClass().getName()
					+ ": its values can change, so that each caller needs its own, and "
					+ (this.types.isEmpty() ? "no type is declared to make them of"
							: "none of the declared types, or more than one, fits: " + this.types)
					+ "; set strates.cache.caches." + this.cache + ".type, or answer with a record");
		}
		return new Held.Shared(freezer.apply(value), null);
	}

	@Override
	public byte[] encode(Held held) {
		if (held instanceof Held.Encoded encoded) {
			return framed(encoded.type(), encoded.bytes());
		}
		if (held instanceof Held.Shared shared) {
			ValueType type = shared.type();
			ValueCodec<Object> codec = (type != null) ? type.codec() : null;
			if (type == null || codec == null) {
				throw new IllegalArgumentException("Cache '" + this.cache + "' has no declared type for a "
						+ shared.frozen().getClass().getName() + "; set strates.cache.caches." + this.cache + ".type");
			}
			return framed(type, codec.encode(shared.frozen()));
		}
		return new byte[] { NULL };
	}

	private static byte[] framed(ValueType type, byte[] bytes) {
		byte[] fingerprint = fingerprint(type);
		ByteArrayOutputStream framed = new ByteArrayOutputStream(2 + fingerprint.length + bytes.length);
		framed.write(VALUE);
		framed.write(fingerprint.length);
		framed.writeBytes(fingerprint);
		framed.writeBytes(bytes);
		return framed.toByteArray();
	}

	private static byte[] fingerprint(ValueType type) {
		ValueCodec<Object> codec = type.codec();
		return ((codec != null) ? codec.fingerprint() : "").getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public Held decode(byte[] bytes) {
		if (bytes.length == 1 && bytes[0] == NULL) {
			return Held.NULL;
		}
		if (bytes.length > 2 && bytes[0] == VALUE && bytes[1] > 0 && bytes.length >= 2 + bytes[1]) {
			int start = 2 + bytes[1];
			for (ValueType type : this.types) {
				if (Arrays.equals(fingerprint(type), Arrays.copyOfRange(bytes, 2, start))) {
					return type.held(Arrays.copyOfRange(bytes, start, bytes.length));
				}
			}
		}
		throw new IllegalArgumentException("The bytes hold no value of cache '" + this.cache + "'");
	}

	@Override
	public String fingerprint() {
		return this.fingerprint;
	}

}
