package io.strates.benchmarks;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import javax.sql.DataSource;

/** The table of the articles, by plain JDBC. */
final class ArticleTable {

	static final String UPSERT = """
			insert into article (id, name, brand, description, price, stock, active, changed)
			values (?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (id) do update set name = excluded.name, brand = excluded.brand,
			description = excluded.description, price = excluded.price, stock = excluded.stock,
			active = excluded.active, changed = excluded.changed""";

	private static final String UNNEST = UPSERT.replace("values (?, ?, ?, ?, ?, ?, ?, ?)",
			"select * from unnest(?, ?, ?, ?, ?, ?, ?, ?)");

	private static final String SELECT = "select id, name, brand, description, price, stock, active, changed from article"
			+ " where id = ?";

	private static final String SELECT_ALL = "select id, name, brand, description, price, stock, active, changed from"
			+ " article where id = any (?)";

	private final DataSource dataSource;

	ArticleTable(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/** Makes the table anew, with articles of the ids from 0. */
	void fill(int articles) {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("drop table if exists article");
			statement.execute(
					"""
							create table article (id bigint primary key, name varchar(100) not null, brand varchar(100) not null,
							description varchar(1000) not null, price numeric(12, 2) not null, stock integer not null,
							active boolean not null, changed timestamp(6) with time zone not null)""");
			try (PreparedStatement insert = connection.prepareStatement(UPSERT)) {
				for (int id = 0; id < articles; id++) {
					bind(insert, Article.of(id, 0));
					insert.addBatch();
				}
				insert.executeBatch();
			}
			statement.execute("analyze article");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Loads one article as a loader does that has one key most of the time. */
	Map<Long, Article> load(Collection<Long> ids) {
		if (ids.size() == 1) {
			Article article = select(ids.iterator().next());
			return (article != null) ? Map.of(article.id(), article) : Map.of();
		}
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement select = connection.prepareStatement(SELECT_ALL)) {
			Array array = connection.createArrayOf("bigint", ids.toArray());
			select.setArray(1, array);
			Map<Long, Article> found = new HashMap<>();
			try (ResultSet rows = select.executeQuery()) {
				while (rows.next()) {
					found.put(rows.getLong(1), article(rows));
				}
			}
			return found;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Article select(long id) {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement select = connection.prepareStatement(SELECT)) {
			select.setLong(1, id);
			try (ResultSet rows = select.executeQuery()) {
				return rows.next() ? article(rows) : null;
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Article article(ResultSet row) throws SQLException {
		return new Article(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getBigDecimal(5),
				row.getInt(6), row.getBoolean(7), row.getTimestamp(8).toInstant());
	}

	/** Writes an article in a transaction of its own. */
	void upsert(Article article) {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
			bind(upsert, article);
			upsert.executeUpdate();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Writes an article, and does something before it commits. */
	void upsert(Article article, Runnable beforeCommit) {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
				bind(upsert, article);
				upsert.executeUpdate();
			}
			beforeCommit.run();
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Writes articles as a batch, and does something before it commits. */
	void upsertAll(Collection<Article> articles, Runnable beforeCommit) {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
				for (Article article : articles) {
					bind(upsert, article);
					upsert.addBatch();
				}
				upsert.executeBatch();
			}
			beforeCommit.run();
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Writes articles by arrays, so many at once. */
	void upsertUnnest(List<Article> articles, int batch) {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement upsert = connection.prepareStatement(UNNEST)) {
			for (int start = 0; start < articles.size(); start += batch) {
				List<Article> some = articles.subList(start, Math.min(start + batch, articles.size()));
				bindArray(upsert, 1, "bigint", some, Article::id);
				bindArray(upsert, 2, "text", some, Article::name);
				bindArray(upsert, 3, "text", some, Article::brand);
				bindArray(upsert, 4, "text", some, Article::description);
				bindArray(upsert, 5, "numeric", some, Article::price);
				bindArray(upsert, 6, "integer", some, Article::stock);
				bindArray(upsert, 7, "boolean", some, Article::active);
				bindArray(upsert, 8, "timestamptz", some, (article) -> Timestamp.from(article.changed()));
				upsert.executeUpdate();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void bindArray(PreparedStatement statement, int index, String type, List<Article> articles,
			Function<Article, Object> column) throws SQLException {
		statement.setArray(index,
				statement.getConnection().createArrayOf(type, articles.stream().map(column).toArray()));
	}

	private static void bind(PreparedStatement statement, Article article) throws SQLException {
		statement.setLong(1, article.id());
		statement.setString(2, article.name());
		statement.setString(3, article.brand());
		statement.setString(4, article.description());
		statement.setBigDecimal(5, article.price());
		statement.setInt(6, article.stock());
		statement.setBoolean(7, article.active());
		statement.setTimestamp(8, Timestamp.from(article.changed()));
	}

}
