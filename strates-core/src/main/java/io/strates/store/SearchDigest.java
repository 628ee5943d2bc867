package io.strates.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Sort;

/**
 * Names a search by what it asks for.
 */
/*
 * Every part is written as its type, its length and its content, so that no two different
 * searches have the same bytes: "a b", "c" differs from "a", "b c", 1 from "1", null from
 * "null". SHA-256 of that is the key.
 */
final class SearchDigest {

	private static final Set<Class<?>> PLAIN = Set.of(String.class, Character.class, Boolean.class, Byte.class,
			Short.class, Integer.class, Long.class, Float.class, Double.class, BigInteger.class, BigDecimal.class,
			UUID.class);

	private final MessageDigest digest;

	private SearchDigest() {
		try {
			this.digest = MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Returns the name of a search.
	 * @param layout the layout of the states that it finds
	 * @throws IllegalArgumentException if the search cannot be told from others
	 */
	static String of(Search<?> search, String layout) {
		SearchDigest digest = new SearchDigest();
		digest.add("layout", layout);
		digest.addCondition(search);
		search.parameters().forEach((name, value) -> {
			digest.add("parameter", name);
			digest.addValue(name, value);
		});
		for (Sort.Order order : search.order()) {
			digest.add("order", order.getProperty());
			digest.add("how", order.getDirection() + " " + order.getNullHandling() + " " + order.isIgnoreCase());
		}
		search.wantedFields().stream().sorted().forEach((field) -> digest.add("field", field));
		digest.add("page", search.maximum() + " " + search.skipped());
		return HexFormat.of().formatHex(digest.digest.digest());
	}

	private void addCondition(Search<?> search) {
		if (search.jpql() != null) {
			add(search.isWholeQuery() ? "query" : "condition", search.jpql());
		}
		else if (search.name() != null) {
			add("name", search.name());
		}
		else if (search.specification() != null || search.example() != null) {
			throw new IllegalArgumentException("A search by a specification or an example cannot be cached, since"
					+ " nobody can tell it from another; use Search.named(name, arguments, specification)");
		}
	}

	private void addValue(String name, @Nullable Object value) {
		if (value == null) {
			add("null", "");
		}
		else if (value instanceof Collection<?> values) {
			add("list", String.valueOf(values.size()));
			values.forEach((each) -> addValue(name, each));
		}
		else if (value instanceof Object[] values) {
			add("list", String.valueOf(values.length));
			for (Object each : values) {
				addValue(name, each);
			}
		}
		else if (value instanceof byte[] bytes) {
			add("bytes", HexFormat.of().formatHex(bytes));
		}
		else if (value instanceof Enum<?> constant) {
			add(constant.getDeclaringClass().getName(), constant.name());
		}
		else if (PLAIN.contains(value.getClass()) || isTemporal(value)) {
			add(value.getClass().getName(), value.toString());
		}
		else {
			throw new IllegalArgumentException("Argument " + name + " of a search that is to be cached is a "
					+ value.getClass().getName() + "; pass a text, number, date, UUID, enum or a collection of such");
		}
	}

	private static boolean isTemporal(Object value) {
		return value instanceof Temporal && value.getClass().getPackageName().equals("java.time");
	}

	private void add(String type, String content) {
		for (String part : new String[] { type, content }) {
			byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
			this.digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
			this.digest.update(bytes);
		}
	}

}
