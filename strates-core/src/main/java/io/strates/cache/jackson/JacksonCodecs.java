package io.strates.cache.jackson;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.strates.cache.CodecFactory;
import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/**
 * Codecs that write values with Jackson: compact Smile by default, or JSON for whoever
 * wants to read what the second tier holds.
 *
 * <p>
 * No type names are written, and none are read: a value is always decoded as the type of
 * its cache. The fingerprint covers the format and the names and types of all components
 * of a record and of the records in it.
 *
 * @since 0.1.0
 */
public final class JacksonCodecs implements CodecFactory {

	private static final int FINGERPRINT_BYTES = 8;

	private final ObjectMapper mapper;

	private final String format;

	private JacksonCodecs(ObjectMapper mapper, String format) {
		this.mapper = mapper;
		this.format = format;
	}

	/**
	 * Returns codecs that write Smile.
	 * @return the factory
	 */
	public static JacksonCodecs smile() {
		return new JacksonCodecs(Smile.mapper(), "smile");
	}

	/**
	 * Returns codecs that write JSON.
	 * @return the factory
	 */
	public static JacksonCodecs json() {
		return new JacksonCodecs(JsonMapper.builder().build(), "json");
	}

	@Override
	public <V> ValueCodec<V> codec(Class<V> type) {
		StringBuilder layout = new StringBuilder(this.format);
		describe(type, layout, new LinkedHashSet<>());
		return new JacksonCodec<>(type, this.mapper.writerFor(type), this.mapper.readerFor(type),
				fingerprint(layout.toString()));
	}

	@Override
	public ValueCodec<@Nullable Object[]> rowCodec(String layout, List<? extends Type> types) {
		StringBuilder text = new StringBuilder(this.format).append(layout);
		List<ObjectWriter> writers = new ArrayList<>();
		List<ObjectReader> readers = new ArrayList<>();
		for (Type type : types) {
			describe(type, text.append(';'), new LinkedHashSet<>());
			JavaType known = this.mapper.constructType(type);
			writers.add(this.mapper.writerFor(known));
			readers.add(this.mapper.readerFor(known)
				.without(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
				.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
		}
		return new JacksonRowCodec(this.mapper, writers, readers, fingerprint(text.toString()));
	}

	@Override
	public ValueCodec<Object> typeCodec(Type type) {
		StringBuilder layout = new StringBuilder(this.format);
		describe(type, layout, new LinkedHashSet<>());
		JavaType known = this.mapper.constructType(type);
		return new JacksonTypeCodec(type, this.mapper.writerFor(known),
				this.mapper.readerFor(known).without(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE),
				fingerprint(layout.toString()));
	}

	private static void describe(Class<?> type, StringBuilder layout, Set<Class<?>> described) {
		layout.append(type.getName());
		if (!described.add(type)) {
			return;
		}
		if (type.isRecord()) {
			layout.append('(');
			for (RecordComponent component : type.getRecordComponents()) {
				layout.append(component.getName()).append('=');
				describe(component.getGenericType(), layout, described);
				layout.append(';');
			}
			layout.append(')');
		}
		if (type.isArray()) {
			describe(type.getComponentType(), layout, described);
		}
		if (!type.isRecord() && !type.isEnum()) {
			describeFields(type, layout, described);
		}
		if (type.isEnum()) {
			for (Object constant : type.getEnumConstants()) {
				layout.append('|').append(((Enum<?>) constant).name());
			}
		}
		if (type.isSealed()) {
			for (Class<?> permitted : type.getPermittedSubclasses()) {
				layout.append('|');
				describe(permitted, layout, described);
			}
		}
	}

	/** The fields of a class of the application, and of those that it extends. */
	private static void describeFields(Class<?> type, StringBuilder layout, Set<Class<?>> described) {
		for (Class<?> part = type; part != null && !part.getName().startsWith("java."); part = part.getSuperclass()) {
			for (Field field : part.getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
					layout.append('.').append(field.getName()).append('=');
					describe(field.getGenericType(), layout, described);
				}
			}
		}
	}

	private static void describe(Type type, StringBuilder layout, Set<Class<?>> described) {
		if (type instanceof Class<?> plain) {
			describe(plain, layout, described);
			return;
		}
		layout.append(type.getTypeName());
		if (type instanceof ParameterizedType generic) {
			for (Type argument : generic.getActualTypeArguments()) {
				layout.append(',');
				describe(argument, layout, described);
			}
		}
	}

	private static String fingerprint(String layout) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(layout.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return this.format;
	}

	/** Apart, since the format is not on every class path. */
	private static final class Smile {

		private Smile() {
		}

		static ObjectMapper mapper() {
			return SmileMapper.builder()
				// A number takes a third of the time and half of the room of a text.
				.withConfigOverride(Instant.class,
						(instant) -> instant.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.NUMBER)))
				.build();
		}

	}

	private record JacksonCodec<V>(Class<V> type, ObjectWriter writer, ObjectReader reader,
			String fingerprint) implements ValueCodec<V> {

		@Override
		public byte[] encode(V value) {
			try {
				return this.writer.writeValueAsBytes(value);
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException(
						"A " + this.type.getName() + " cannot be encoded: " + ex.getMessage(), ex);
			}
		}

		@Override
		public V decode(byte[] bytes) {
			try {
				V value = this.reader.readValue(bytes);
				if (value == null) {
					throw new IllegalArgumentException("The bytes hold null instead of a " + this.type.getName());
				}
				return value;
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException(
						"The bytes hold no " + this.type.getName() + ": " + ex.getOriginalMessage(), ex);
			}
		}

	}

	private record JacksonRowCodec(ObjectMapper mapper, List<ObjectWriter> writers, List<ObjectReader> readers,
			String fingerprint) implements ValueCodec<@Nullable Object[]> {

		@Override
		public byte[] encode(@Nullable Object[] row) {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (JsonGenerator generator = this.mapper.createGenerator(bytes)) {
				generator.writeStartArray();
				for (int index = 0; index < row.length; index++) {
					if (row[index] == null) {
						generator.writeNull();
					}
					else {
						this.writers.get(index).writeValue(generator, row[index]);
					}
				}
				generator.writeEndArray();
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException("A row cannot be encoded: " + ex.getMessage(), ex);
			}
			return bytes.toByteArray();
		}

		@Override
		public @Nullable Object[] decode(byte[] bytes) {
			try (JsonParser parser = this.mapper.createParser(bytes)) {
				@Nullable Object[] row = new @Nullable Object[this.readers.size()];
				require(parser.nextToken() == JsonToken.START_ARRAY);
				for (int index = 0; index < row.length; index++) {
					JsonToken token = parser.nextToken();
					require(token != JsonToken.END_ARRAY);
					row[index] = (token != JsonToken.VALUE_NULL) ? this.readers.get(index).readValue(parser) : null;
				}
				require(parser.nextToken() == JsonToken.END_ARRAY);
				return row;
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException("The bytes hold no row: " + ex.getOriginalMessage(), ex);
			}
		}

		private static void require(boolean asExpected) {
			if (!asExpected) {
				throw new IllegalArgumentException("The bytes hold no row of this layout");
			}
		}

	}

	private record JacksonTypeCodec(Type type, ObjectWriter writer, ObjectReader reader,
			String fingerprint) implements ValueCodec<Object> {

		@Override
		public byte[] encode(Object value) {
			try {
				return this.writer.writeValueAsBytes(value);
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException(
						"A " + this.type.getTypeName() + " cannot be encoded: " + ex.getMessage(), ex);
			}
		}

		@Override
		public Object decode(byte[] bytes) {
			try {
				Object value = this.reader.readValue(bytes);
				if (value == null) {
					throw new IllegalArgumentException("The bytes hold null instead of a " + this.type.getTypeName());
				}
				return value;
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException(
						"The bytes hold no " + this.type.getTypeName() + ": " + ex.getOriginalMessage(), ex);
			}
		}

	}

}
