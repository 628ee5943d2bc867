package io.strates.cache.jackson;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.strates.cache.CodecFactory;
import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
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
 * With Smile, records without annotations for Jackson, lists of them, and rows are
 * written even more compactly: components by place, numbers, texts, times and the like as
 * they are, and in Smile only what else there is. What comes back is the same. No type
 * names are written, and none are read: a value is always decoded as the type of its
 * cache. The fingerprint covers the format and the names and types of all that a type is
 * made of.
 *
 * @since 0.1.0
 */
public final class JacksonCodecs implements CodecFactory {

	private final ObjectMapper mapper;

	private final String format;

	/** Whether types have forms of their own, rather than what can be read by hand. */
	private final boolean compact;

	private JacksonCodecs(ObjectMapper mapper, String format, boolean compact) {
		this.mapper = mapper;
		this.format = format;
		this.compact = compact;
	}

	/**
	 * Returns codecs that write Smile.
	 * @return the factory
	 */
	public static JacksonCodecs smile() {
		return new JacksonCodecs(Smile.mapper(), "smile", true);
	}

	/**
	 * Returns codecs that write JSON.
	 * @return the factory
	 */
	public static JacksonCodecs json() {
		return new JacksonCodecs(JsonMapper.builder().build(), "json", false);
	}

	@Override
	public <V> ValueCodec<V> codec(Class<V> type) {
		return of(type);
	}

	@Override
	public ValueCodec<Object> typeCodec(Type type) {
		return of(type);
	}

	private <V> ValueCodec<V> of(Type type) {
		Form form = this.compact ? Forms.of(type, this::jacksonForm) : null;
		if (form != null) {
			return new FormCodec<>(type.getTypeName(), form, layout(form.shape()).add(type).fingerprint());
		}
		return new JacksonCodec<>(type, writer(type), reader(type), layout("").add(type).fingerprint());
	}

	@Override
	public ValueCodec<@Nullable Object[]> rowCodec(String layout, List<? extends Type> types) {
		Form form = this.compact ? Forms.ofRow(types, this::jacksonForm) : null;
		TypeLayout described = layout((form != null) ? form.shape() + layout : layout);
		types.forEach(described::add);
		if (form != null) {
			return new FormCodec<>("row", form, described.fingerprint());
		}
		return new JacksonRowCodec(this.mapper, types.stream().map(this::writer).toList(),
				types.stream()
					.map((type) -> reader(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS))
					.toList(),
				described.fingerprint());
	}

	private TypeLayout layout(String start) {
		return new TypeLayout(this.format + start);
	}

	private Form jacksonForm(Type type) {
		return new JacksonForm(writer(type), reader(type));
	}

	private ObjectWriter writer(Type type) {
		return this.mapper.writerFor(this.mapper.constructType(type));
	}

	/** What has a time zone of its own keeps it. */
	private ObjectReader reader(Type type) {
		return this.mapper.readerFor(this.mapper.constructType(type))
			.without(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
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
				// A number takes less time and room than a text.
				.withConfigOverride(Instant.class,
						(instant) -> instant.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.NUMBER)))
				.build();
		}

	}

	private record JacksonCodec<V>(Type type, ObjectWriter writer, ObjectReader reader,
			String fingerprint) implements ValueCodec<V> {

		@Override
		public byte[] encode(V value) {
			try {
				return this.writer.writeValueAsBytes(value);
			}
			catch (JacksonException ex) {
				throw new IllegalArgumentException(
						"A " + this.type.getTypeName() + " cannot be encoded: " + ex.getMessage(), ex);
			}
		}

		@Override
		public V decode(byte[] bytes) {
			return decode(bytes, 0, bytes.length);
		}

		@Override
		public V decode(byte[] bytes, int offset, int length) {
			try {
				V value = this.reader.readValue(bytes, offset, length);
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

}
