package io.strates.query.hibernate;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.strates.cache.CodecFactory;
import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flat states as rows of plain values: the class of the hierarchy by its number, then a
 * value for each place. What a format could not give back as it was goes as text.
 */
final class StateCodec implements ValueCodec<FlatState> {

	private static final Logger logger = LoggerFactory.getLogger(StateCodec.class);

	private static final int MOST_VARIANTS = 256;

	private static final Set<Type> PLAIN = Set.of(String.class, Boolean.class, Byte.class, Short.class, Integer.class,
			Long.class, Float.class, Double.class, BigInteger.class, BigDecimal.class, UUID.class, byte[].class);

	private static final Map<Type, Wire> OTHERS = Map.ofEntries(text(Character.class, (text) -> text.charAt(0)),
			text(LocalDate.class, LocalDate::parse), text(LocalTime.class, LocalTime::parse),
			text(LocalDateTime.class, LocalDateTime::parse), text(Instant.class, Instant::parse),
			text(OffsetDateTime.class, OffsetDateTime::parse), text(OffsetTime.class, OffsetTime::parse),
			text(ZonedDateTime.class, ZonedDateTime::parse), text(Duration.class, Duration::parse),
			text(java.sql.Date.class, java.sql.Date::valueOf), text(java.sql.Time.class, java.sql.Time::valueOf),
			Map.entry(Timestamp.class, new Wire(String.class, StateCodec::dateText, StateCodec::date)),
			Map.entry(Date.class, new Wire(String.class, StateCodec::dateText, StateCodec::date)));

	private final List<Variant> variants;

	private StateCodec(List<Variant> variants) {
		this.variants = variants;
	}

	/**
	 * Makes the codec of an entity.
	 * @param name the name of the entity
	 * @param layout the places of its states, for each class of the hierarchy
	 * @param codecs makes codecs of rows
	 * @return the codec, or {@code null} if its values cannot be encoded
	 */
	static @Nullable StateCodec of(String name, List<List<FlatPlace>> layout, CodecFactory codecs) {
		StringBuilder text = new StringBuilder(name);
		List<List<Wire>> wires = new ArrayList<>();
		for (List<FlatPlace> places : layout) {
			text.append('/');
			List<Wire> ofVariant = new ArrayList<>();
			for (FlatPlace place : places) {
				Wire wire = wire(place.type());
				if (wire == null) {
					logger.info("Entities {} are kept in memory only: L2 has no form for {} of type {}", name,
							place.name(), place.type().getTypeName());
					return null;
				}
				ofVariant.add(wire);
				text.append(place.name()).append('=').append(described(place.type())).append(';');
			}
			wires.add(ofVariant);
		}
		return of(name, text.toString(), wires, codecs);
	}

	/** The fingerprint of each class covers the whole hierarchy. */
	private static @Nullable StateCodec of(String name, String layout, List<List<Wire>> wires, CodecFactory codecs) {
		try {
			List<Variant> variants = new ArrayList<>();
			for (List<Wire> ofVariant : wires) {
				variants.add(new Variant(ofVariant,
						codecs.rowCodec(layout + variants.size(), ofVariant.stream().map(Wire::type).toList())));
			}
			return (variants.size() <= MOST_VARIANTS) ? new StateCodec(List.copyOf(variants)) : null;
		}
		catch (IllegalArgumentException ex) {
			logger.info("Entities {} are kept in memory only: {}", name, ex.getMessage());
			return null;
		}
	}

	/** The constants of an enum are part of its layout. */
	private static String described(Type type) {
		if (!(type instanceof Class<?> plain) || !plain.isEnum()) {
			return type.getTypeName();
		}
		StringBuilder text = new StringBuilder(plain.getName());
		for (Object constant : plain.getEnumConstants()) {
			text.append('|').append(((Enum<?>) constant).name());
		}
		return text.toString();
	}

	private static @Nullable Wire wire(Type type) {
		Type boxed = (type instanceof Class<?> plain && plain.isPrimitive())
				? MethodType.methodType(plain).wrap().returnType() : type;
		if (isPlain(boxed)) {
			return new Wire(boxed, UnaryOperator.identity(), UnaryOperator.identity());
		}
		if (boxed instanceof Class<?> plain && plain.isEnum()) {
			return new Wire(String.class, (value) -> ((Enum<?>) value).name(),
					(value) -> constant(plain, value.toString()));
		}
		return OTHERS.get(boxed);
	}

	private static boolean isPlain(Type type) {
		if (type instanceof ParameterizedType generic) {
			return (generic.getRawType() == List.class || generic.getRawType() == Set.class)
					&& PLAIN.contains(generic.getActualTypeArguments()[0]);
		}
		return PLAIN.contains(type) || (type instanceof Class<?> array && array.isArray()
				&& (array.getComponentType().isPrimitive() || PLAIN.contains(array.getComponentType()))
				&& array.getComponentType() != char.class);
	}

	private static Object constant(Class<?> type, String name) {
		for (Object constant : type.getEnumConstants()) {
			if (((Enum<?>) constant).name().equals(name)) {
				return constant;
			}
		}
		throw new IllegalArgumentException(type.getName() + " has no constant " + name);
	}

	private static Map.Entry<Type, Wire> text(Class<?> type, Function<String, Object> parse) {
		return Map.entry(type, new Wire(String.class, Object::toString, (value) -> parse.apply(value.toString())));
	}

	/** An attribute of type date may hold any of four classes. */
	@SuppressWarnings("JavaUtilDate") // the type of the attribute
	private static Object dateText(Object value) {
		if (value instanceof Timestamp timestamp) {
			return "T" + timestamp.toInstant();
		}
		if (value instanceof java.sql.Date || value instanceof java.sql.Time) {
			return ((value instanceof java.sql.Date) ? "d" : "t") + value;
		}
		return "D" + ((Date) value).getTime();
	}

	@SuppressWarnings("JavaUtilDate") // the type of the attribute
	private static Object date(Object value) {
		String text = value.toString();
		String rest = text.substring(1);
		return switch (text.charAt(0)) {
			case 'T' -> Timestamp.from(Instant.parse(rest));
			case 'd' -> java.sql.Date.valueOf(rest);
			case 't' -> java.sql.Time.valueOf(rest);
			default -> new Date(Long.parseLong(rest));
		};
	}

	@Override
	public byte[] encode(FlatState state) {
		Variant variant = this.variants.get(state.variant());
		@Nullable Object[] row = new @Nullable Object[state.values().length];
		for (int index = 0; index < row.length; index++) {
			Object value = state.values()[index];
			row[index] = (value != null) ? variant.wires().get(index).out().apply(value) : null;
		}
		byte[] encoded = variant.rows().encode(row);
		byte[] bytes = new byte[encoded.length + 1];
		bytes[0] = (byte) state.variant();
		System.arraycopy(encoded, 0, bytes, 1, encoded.length);
		return bytes;
	}

	@Override
	public FlatState decode(byte[] bytes) {
		int number = Byte.toUnsignedInt(bytes[0]);
		if (number >= this.variants.size()) {
			throw new IllegalArgumentException("There is no class " + number + " in the hierarchy");
		}
		Variant variant = this.variants.get(number);
		byte[] encoded = new byte[bytes.length - 1];
		System.arraycopy(bytes, 1, encoded, 0, encoded.length);
		@Nullable Object[] row = variant.rows().decode(encoded);
		for (int index = 0; index < row.length; index++) {
			Object value = row[index];
			row[index] = (value != null) ? variant.wires().get(index).in().apply(value) : null;
		}
		return new FlatState(number, row);
	}

	@Override
	public String fingerprint() {
		return this.variants.get(0).rows().fingerprint();
	}

	/**
	 * How a value travels.
	 *
	 * @param type what it travels as
	 * @param out makes that of a value
	 * @param in makes a value of that
	 */
	private record Wire(Type type, UnaryOperator<Object> out, UnaryOperator<Object> in) {
	}

	/** A class of the hierarchy. */
	private record Variant(List<Wire> wires, ValueCodec<@Nullable Object[]> rows) {
	}

}
