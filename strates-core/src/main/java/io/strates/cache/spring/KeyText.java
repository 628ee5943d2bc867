package io.strates.cache.spring;

import java.io.File;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;
import org.springframework.util.ReflectionUtils;

/**
 * Texts of the keys that Spring makes. Different keys have different texts, on every node
 * the same: each part is written with its type.
 */
/*
 * An object of the application is taken by its own text only where its class declares
 * that this text says all there is to it: where a static method makes it of a text again,
 * as Spring's own conversion from text does it, or where it is made of a text and has no
 * other field. Any other text may leave out what equals compares, or run parts together,
 * and then the answer to one caller is given to another. For the same reason, nothing is
 * taken for an instance of a superclass that may have more to it.
 */
final class KeyText {

	/** What is longer is replaced by a digest; Redis and its users like keys short. */
	private static final int LONGEST = 200;

	private static final int DEEPEST = 50;

	private static final Map<Class<?>, String> LETTERS = Map.ofEntries(Map.entry(String.class, "s"),
			Map.entry(Integer.class, "i"), Map.entry(Long.class, "l"), Map.entry(Short.class, "h"),
			Map.entry(Byte.class, "b"), Map.entry(Boolean.class, "z"), Map.entry(Character.class, "c"),
			Map.entry(Float.class, "f"), Map.entry(Double.class, "d"), Map.entry(BigInteger.class, "I"),
			Map.entry(BigDecimal.class, "D"), Map.entry(UUID.class, "u"), Map.entry(URI.class, "U"),
			Map.entry(Locale.class, "L"), Map.entry(Currency.class, "C"));

	/** Of the Java platform, or of packages of it, whose texts say all. */
	private static final List<Class<?>> TOLD = List.of(Path.class, File.class, URL.class, InetAddress.class,
			InetSocketAddress.class, Charset.class, BitSet.class, OptionalInt.class, OptionalLong.class,
			OptionalDouble.class, TimeZone.class, Calendar.class, TemporalAccessor.class, TemporalAmount.class,
			ZoneId.class);

	private static final Set<String> FACTORIES = Set.of("valueOf", "of", "from", "parse", "fromString");

	private static final ClassValue<Boolean> HAS_TEXT = new ClassValue<>() {
		@Override
		protected Boolean computeValue(Class<?> type) {
			return declares(type, "toString") && declares(type, "equals", Object.class)
					&& (isTold(type) || hasFactory(type));
		}
	};

	/** Of classes that are made of a text and have nothing but it: where it is. */
	private static final ClassValue<Optional<Field>> ONLY_TEXT = new ClassValue<>() {
		@Override
		protected Optional<Field> computeValue(Class<?> type) {
			return (declares(type, "equals", Object.class) && hasConstructor(type)) ? onlyText(type) : Optional.empty();
		}
	};

	/** A page of another class may begin where none of these does. */
	private static final Set<Class<?>> PAGES = Set.of(PageRequest.class, Pageable.unpaged().getClass());

	private final String cache;

	private final StringBuilder text = new StringBuilder();

	private KeyText(String cache) {
		this.cache = cache;
	}

	/**
	 * Returns the text of a key.
	 * @param cache the name of the cache, for the message
	 * @param key the key
	 * @return the text
	 * @throws IllegalArgumentException if the key, or something in it, has no text that
	 * is the same on every node
	 */
	static String of(String cache, Object key) {
		KeyText made = new KeyText(cache);
		made.append(key, 0);
		return (made.text.length() <= LONGEST) ? made.text.toString() : "#" + digest(made.text.toString());
	}

	private static String digest(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private void append(@Nullable Object part, int depth) {
		if (depth > DEEPEST) {
			throw new IllegalArgumentException("A key of cache '" + this.cache + "' is nested more than " + DEEPEST
					+ " times; name a simpler key with @Cacheable(key = \"…\")");
		}
		if (part == null) {
			this.text.append('~');
			return;
		}
		String letter = LETTERS.get(part.getClass());
		if (letter != null) {
			leaf(letter, part.toString());
		}
		else if (part instanceof SimpleKey simple) {
			elements("K", Arrays.asList(SimpleKeys.parameters(simple)), depth);
		}
		else if (part.getClass().isArray()) {
			array(part, depth);
		}
		else {
			appendOther(part, depth);
		}
	}

	private void appendOther(Object part, int depth) {
		if (part instanceof Enum<?> constant) {
			leaf("E" + constant.getDeclaringClass().getName(), constant.name());
		}
		else if (part instanceof Class<?> type) {
			leaf("T", type.getName());
		}
		else if (isContainer(part)) {
			container(part, depth);
		}
		else if (PAGES.contains(part.getClass())) {
			pageable((Pageable) part, depth);
		}
		else if (part instanceof Sort sort && isPlain(sort)) {
			elements("Q", sort.stream().map(KeyText::parts).toList(), depth);
		}
		else if (part.getClass().isRecord()) {
			record(part, depth);
		}
		else {
			appendText(part);
		}
	}

	private static boolean isContainer(Object part) {
		return part instanceof List<?> || part instanceof Set<?> || part instanceof Map<?, ?>
				|| part instanceof Map.Entry<?, ?> || part instanceof Optional<?>;
	}

	private void container(Object part, int depth) {
		if (part instanceof List<?> list) {
			elements("", list, depth);
		}
		else if (part instanceof Set<?> set) {
			Set<String> sorted = new TreeSet<>();
			set.forEach((element) -> sorted.add(inner(element, depth)));
			this.text.append("S[").append(String.join(",", sorted)).append(']');
		}
		else if (part instanceof Map<?, ?> map) {
			Set<String> sorted = new TreeSet<>();
			map.forEach((name, value) -> sorted.add(inner(name, depth) + "=" + inner(value, depth)));
			this.text.append("M[").append(String.join(",", sorted)).append(']');
		}
		else if (part instanceof Map.Entry<?, ?> entry) {
			this.text.append('N');
			elements("", Arrays.asList(entry.getKey(), entry.getValue()), depth);
		}
		else if (part instanceof Optional<?> optional) {
			this.text.append('O');
			append(optional.orElse(null), depth + 1);
		}
	}

	private void pageable(Pageable page, int depth) {
		List<Object> parts = page.isPaged() ? List.of(page.getPageNumber(), page.getPageSize(), page.getSort())
				: List.of(page.getSort());
		elements("P", parts, depth);
	}

	/** Those of other modules, and their orders, may have more to them. */
	private static boolean isPlain(Sort sort) {
		return sort.getClass().getNestHost() == Sort.class
				&& sort.stream().allMatch((order) -> order.getClass() == Sort.Order.class);
	}

	private static List<Object> parts(Sort.Order order) {
		return List.of(order.getProperty(), order.getDirection(), order.isIgnoreCase(), order.getNullHandling());
	}

	private void appendText(Object part) {
		String said = (part instanceof Date date) ? dateText(date) : ownText(part);
		if (said == null) {
			throw new IllegalArgumentException("A key of cache '" + this.cache + "' contains a "
					+ part.getClass().getName()
					+ ", of which it is not known that its text tells it from all others, on"
					+ " every node the same; make the type a record, or give it equals, toString and a static method"
					+ " valueOf, of or parse that makes it of its text, or name a key with @Cacheable(key = \"…\")");
		}
		leaf(((part instanceof Date) ? "J" : "V") + part.getClass().getName(), said);
	}

	/** The time zone of a node is no part of what these say. */
	@SuppressWarnings("JavaUtilDate") // Those of java.sql have no instant.
	private static @Nullable String dateText(Date date) {
		if (date.getClass() == Timestamp.class) {
			return ((Timestamp) date).toInstant().toString();
		}
		Instant instant = Instant.ofEpochMilli(date.getTime());
		if (date.getClass() == Date.class) {
			return instant.toString();
		}
		if (date.getClass() != java.sql.Date.class && date.getClass() != Time.class) {
			return null;
		}
		// A day or a time of day, wherever that is. The rest is what only an hour that
		// comes twice, or a day before the present calendar, has.
		LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneId.systemDefault());
		long rest = date.getTime() - Timestamp.valueOf(local).getTime();
		return (rest != 0) ? local + "+" + rest : local.toString();
	}

	private static @Nullable String ownText(Object part) {
		if (part instanceof Path path && !path.getFileSystem().equals(FileSystems.getDefault())) {
			// Its text does not say of which file system it is.
			return null;
		}
		Class<?> type = part.getClass();
		if (HAS_TEXT.get(type)) {
			return part.toString();
		}
		Field only = ONLY_TEXT.get(type).orElse(null);
		return (only != null) ? (String) ReflectionUtils.getField(only, part) : null;
	}

	private String inner(@Nullable Object part, int depth) {
		KeyText made = new KeyText(this.cache);
		made.append(part, depth + 1);
		return made.text.toString();
	}

	private void elements(String letter, List<?> parts, int depth) {
		this.text.append(letter).append('[');
		for (int index = 0; index < parts.size(); index++) {
			if (index > 0) {
				this.text.append(',');
			}
			append(parts.get(index), depth + 1);
		}
		this.text.append(']');
	}

	private void array(Object array, int depth) {
		this.text.append('A');
		escaped(array.getClass().getComponentType().getName());
		this.text.append('[');
		for (int index = 0; index < Array.getLength(array); index++) {
			if (index > 0) {
				this.text.append(',');
			}
			append(Array.get(array, index), depth + 1);
		}
		this.text.append(']');
	}

	private void record(Object part, int depth) {
		this.text.append('R');
		escaped(part.getClass().getName());
		this.text.append('[');
		for (RecordComponent component : part.getClass().getRecordComponents()) {
			append(component(part, component), depth + 1);
			this.text.append(',');
		}
		this.text.append(']');
	}

	private static @Nullable Object component(Object part, RecordComponent component) {
		try {
			component.getAccessor().setAccessible(true);
			return component.getAccessor().invoke(part);
		}
		catch (InvocationTargetException ex) {
			throw new IllegalArgumentException(component + " of a key cannot be read: " + ex.getTargetException(),
					ex.getTargetException());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(component + " of a key cannot be read", ex);
		}
	}

	private void leaf(String type, String value) {
		escaped(type);
		this.text.append('.');
		escaped(value);
	}

	/** Keeps what structures a text out of its parts. */
	private void escaped(String part) {
		for (int index = 0; index < part.length(); index++) {
			char character = part.charAt(index);
			switch (character) {
				case '[', ']', ',', '=', '\\' -> this.text.append('\\').append(character);
				default -> this.text.append(character);
			}
		}
	}

	private static boolean isTold(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		boolean platform = loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
		return platform && TOLD.stream().anyMatch((told) -> told.isAssignableFrom(type));
	}

	private static boolean hasConstructor(Class<?> type) {
		return Arrays.stream(type.getConstructors())
			.anyMatch((constructor) -> takesText(constructor.getParameterTypes()));
	}

	private static Optional<Field> onlyText(Class<?> type) {
		List<Field> fields = Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass)
			.flatMap((each) -> Arrays.stream(each.getDeclaredFields()))
			.filter((field) -> !Modifier.isStatic(field.getModifiers()))
			.toList();
		return (fields.size() == 1 && fields.get(0).getType() == String.class && fields.get(0).trySetAccessible())
				? Optional.of(fields.get(0)) : Optional.empty();
	}

	/** A subclass may have more to it than what its superclass can make. */
	private static boolean hasFactory(Class<?> type) {
		return Arrays.stream(type.getMethods())
			.anyMatch((method) -> Modifier.isStatic(method.getModifiers()) && FACTORIES.contains(method.getName())
					&& takesText(method.getParameterTypes())
					&& (method.getReturnType().equals(type)
							|| (Modifier.isAbstract(method.getReturnType().getModifiers())
									&& method.getReturnType().isAssignableFrom(type))));
	}

	private static boolean takesText(Class<?>[] parameters) {
		return parameters.length == 1 && (parameters[0] == String.class || parameters[0] == CharSequence.class);
	}

	private static boolean declares(Class<?> type, String name, Class<?>... parameters) {
		try {
			return type.getMethod(name, parameters).getDeclaringClass() != Object.class;
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException("Every class has " + name, ex);
		}
	}

	/** Reads what a key of several parameters is made of, which Spring does not show. */
	private static final class SimpleKeys {

		private static final Field PARAMETERS = field();

		private SimpleKeys() {
		}

		private static Field field() {
			Field field = ReflectionUtils.findField(SimpleKey.class, null, Object[].class);
			if (field == null) {
				throw new IllegalStateException(
						"This version of Spring keeps the parameters of " + SimpleKey.class.getName()
								+ " elsewhere than in an array; name keys with @Cacheable(key = \"…\")");
			}
			ReflectionUtils.makeAccessible(field);
			return field;
		}

		static @Nullable Object[] parameters(SimpleKey key) {
			@Nullable Object[] parameters = (Object[]) ReflectionUtils.getField(PARAMETERS, key);
			return (parameters != null) ? parameters : new Object[0];
		}

	}

}
