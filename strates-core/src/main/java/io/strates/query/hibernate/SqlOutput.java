package io.strates.query.hibernate;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The columns that a derived table or common table expression hands on: tells whether the
 * one by which others take over its build holds a build, not another column that was
 * given the name. Confined to the parsing of one such query.
 */
final class SqlOutput {

	private static final Set<String> QUANTIFIERS = Set.of("distinct", "all");

	/**
	 * The names given beside the query, or {@code null} if its first branch names them.
	 */
	private final @Nullable List<String> names;

	/** Where the build stands in each branch, or {@code null} if that is not known. */
	private @Nullable Integer place;

	private boolean begun;

	private SqlOutput(@Nullable List<String> names) {
		this.names = names;
	}

	/** What a query hands on that names its columns itself. */
	static SqlOutput unnamed() {
		return new SqlOutput(null);
	}

	/** What a query hands on under names of its own, "x (a, b) as (select …)". */
	static SqlOutput named(List<String> list) {
		return new SqlOutput(SqlWords.split(list, Set.of(",")).stream().map((name) -> String.join("", name)).toList());
	}

	/**
	 * Whether a branch hands on nothing but a build as the build; to be asked of the
	 * branches in their order, since the first one names the columns.
	 * @param list what stands behind {@code select} or {@code returning}
	 * @param reader knows the sources of the branch
	 */
	boolean isBuild(List<String> list, SqlCondition reader) {
		List<List<String>> columns = SqlWords.split(withoutQuantifier(list), Set.of(","));
		if (!this.begun) {
			this.begun = true;
			this.place = (this.names != null) ? placeIn(this.names) : placeAmong(columns);
		}
		if (this.place != null && !isBuildAt(this.place, columns, reader)) {
			return false;
		}
		return this.names != null || columns.stream()
			.filter((column) -> isNamedBuild(column))
			.allMatch((column) -> reader.isBuild(expression(column)));
	}

	private static @Nullable Integer placeIn(List<String> names) {
		for (int i = 0; i < names.size(); i++) {
			if (SqlTokens.normalized(names.get(i)).equals(SqlParser.BUILD_COLUMN)) {
				return i;
			}
		}
		return null;
	}

	private static @Nullable Integer placeAmong(List<List<String>> columns) {
		for (int i = 0; i < columns.size() && !isStar(columns.get(i)); i++) {
			if (isNamedBuild(columns.get(i))) {
				return i;
			}
		}
		return null;
	}

	/** Behind a star nobody knows which column stands where. */
	private static boolean isBuildAt(int place, List<List<String>> columns, SqlCondition reader) {
		return place < columns.size() && columns.subList(0, place + 1).stream().noneMatch(SqlOutput::isStar)
				&& reader.isBuild(expression(columns.get(place)));
	}

	private static List<String> withoutQuantifier(List<String> list) {
		if (list.isEmpty() || !QUANTIFIERS.contains(list.get(0))) {
			return list;
		}
		boolean on = list.size() > 2 && list.get(1).equals("on") && list.get(2).equals("(");
		return list.subList(on ? Math.min(SqlWords.closing(list, 2) + 1, list.size()) : 1, list.size());
	}

	private static boolean isStar(List<String> column) {
		int size = column.size();
		return size > 0 && column.get(size - 1).equals("*") && (size == 1 || column.get(size - 2).equals("."));
	}

	private static boolean isNamedBuild(List<String> column) {
		return !column.isEmpty() && SqlTokens.normalized(column.get(column.size() - 1)).equals(SqlParser.BUILD_COLUMN);
	}

	/**
	 * A column without the alias behind it: "x as y", "x y", but neither "x.y" nor "y".
	 */
	private static List<String> expression(List<String> column) {
		int last = column.size() - 1;
		if (last < 1 || !SqlTokens.isName(column.get(last)) || ".:".contains(column.get(last - 1))) {
			return column;
		}
		return column.subList(0, column.get(last - 1).equals("as") ? last - 1 : last);
	}

}
