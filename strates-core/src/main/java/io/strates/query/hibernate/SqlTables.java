package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.strates.entity.StratifiedTable;
import org.jspecify.annotations.Nullable;

/**
 * The stratified tables by the names that statements give them.
 */
final class SqlTables {

	private final Map<String, List<StratifiedTable>> byName = new HashMap<>();

	SqlTables(Collection<StratifiedTable> tables) {
		for (StratifiedTable table : tables) {
			this.byName.computeIfAbsent(SqlTokens.normalized(table.plainName()), (name) -> new ArrayList<>())
				.add(table);
		}
	}

	/** Cheap and conservative: most statements of an application name none. */
	boolean mayBeNamedIn(String sql) {
		String lower = sql.toLowerCase(Locale.ROOT);
		for (String name : this.byName.keySet()) {
			if (lower.contains(name)) {
				return true;
			}
		}
		return false;
	}

	/** The table that a name of one or more parts means, if it is stratified. */
	@Nullable StratifiedTable find(List<String> tokens, int at, int last) {
		if (last >= tokens.size() || last < at) {
			return null;
		}
		List<StratifiedTable> found = this.byName.getOrDefault(SqlTokens.normalized(tokens.get(last)), List.of());
		if (at == last || found.isEmpty()) {
			return found.isEmpty() ? null : found.get(0);
		}
		String qualifier = SqlTokens.normalized(tokens.get(last - 2));
		for (StratifiedTable table : found) {
			List<String> parts = SqlTokens.of(table.name(), false);
			if (parts.size() < 3 || SqlTokens.normalized(parts.get(parts.size() - 3)).equals(qualifier)) {
				return table;
			}
		}
		return null;
	}

}
