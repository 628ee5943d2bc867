package io.strates.entity.hibernate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.strates.TestNode;
import io.strates.dev.DevDatabase;
import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables that Hibernate creates for stratified entities, on each database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SchemaContract {

	private DevDatabase database;

	private TestNode node;

	@TempDir
	private Path directory;

	/** An empty database. */
	abstract DevDatabase newDatabase();

	@BeforeAll
	void start() {
		this.database = newDatabase();
		this.node = node(this.database, "create").build();
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	static TestNode.Options node(DevDatabase database, String action) {
		List<Class<?>> entities = new ArrayList<>(TestNode.SHOP);
		entities.addAll(List.of(Depot.ENTITIES));
		return TestNode.builder(database)
			.entities(entities.toArray(Class<?>[]::new))
			.property("hibernate.hbm2ddl.auto", action);
	}

	@Test
	void primaryKeysLeadWithTheBuild() throws SQLException {
		assertThat(primaryKeys()).containsExactlyInAnyOrderEntriesOf(Map.ofEntries( //
				Map.entry("catalog", "build_strate, id"), Map.entry("settings", "build_strate, id"),
				Map.entry("product", "build_strate, id"), Map.entry("product_tag", "build_strate, id"),
				Map.entry("tag", "build_strate, tag_name"), Map.entry("media", "build_strate, id"),
				Map.entry("image", "build_strate, id"), Map.entry("video", "build_strate, id"),
				Map.entry("media_labels", "media_build_strate, media_id, position"),
				Map.entry("media_properties", "media_build_strate, media_id, properties_key"),
				Map.entry("price_rule", "build_strate, id"), Map.entry("currency", "code"),
				Map.entry("site", "build_strate, id"), Map.entry("shelf", "build_strate, shelf_no"),
				Map.entry("box", "build_strate, id"), Map.entry("label", "build_strate, id")));
	}

	@Test
	void foreignKeysInsideAScopeHoldTheBuild() throws SQLException {
		assertThat(foreignKeys()).containsExactlyInAnyOrder( //
				"settings(build_strate, catalog_id) -> catalog(build_strate, id)",
				"product(build_strate, catalog_id) -> catalog(build_strate, id)",
				"product(build_strate, successor_id) -> product(build_strate, id)",
				"product(build_strate, packaging_tag_name) -> tag(build_strate, tag_name)",
				"product(currency_code) -> currency(code)",
				"product_tag(build_strate, product_id) -> product(build_strate, id)",
				"product_tag(build_strate, tag) -> tag(build_strate, tag_name)",
				"media(build_strate, product_id) -> product(build_strate, id)",
				"media_labels(media_build_strate, media_id) -> media(build_strate, id)",
				"media_properties(media_build_strate, media_id) -> media(build_strate, id)",
				"image(build_strate, id) -> media(build_strate, id)",
				"image(build_strate, thumbnail_id) -> image(build_strate, id)",
				"video(build_strate, id) -> media(build_strate, id)",
				"price_rule(build_strate, base_id) -> price_rule(build_strate, id)",
				"shelf(build_strate, parent_id) -> site(build_strate, id)",
				"shelf_note(shelf_build_strate, shelf_shelf_no) -> shelf(build_strate, shelf_no)",
				"box(build_strate, spare_shelf) -> shelf(build_strate, shelf_no)",
				"box(build_strate, label_id) -> label(build_strate, id)",
				"box_marks(box_build_strate, box_id) -> box(build_strate, id)");
	}

	@Test
	void whatIsUniqueIsSoInABuild() throws SQLException {
		assertThat(indexes(true)).containsExactlyInAnyOrder( //
				"settings(build_strate, catalog_id)", "product(build_strate, code)",
				"product_tag(build_strate, product_id, tag)", "shelf(build_strate, code)",
				"shelf_note(shelf_build_strate, text)", "box(build_strate, label_id)",
				"box_marks(box_build_strate, box_id, marks)");
	}

	@Test
	void indexesLeadWithTheBuild() throws SQLException {
		Set<String> indexes = indexes(false);

		assertThat(indexes).contains( //
				"product(build_strate, catalog_id)", "product(build_strate, successor_id)",
				"product(build_strate, packaging_tag_name)", "product_tag(build_strate, product_id)",
				"product_tag(build_strate, tag)", "media(build_strate, product_id)",
				"image(build_strate, thumbnail_id)", "price_rule(build_strate, base_id)",
				"shelf(build_strate, parent_id)", "shelf_note(shelf_build_strate, shelf_shelf_no)",
				"box(build_strate, shelf)", "box(build_strate, spare_shelf)");
	}

	@Test
	void declaredIndexesLeadWithTheBuildUnlessTheyNameIt() throws SQLException {
		assertThat(indexes(false)).contains("shelf(build_strate, height, width)", "shelf(width, build_strate)",
				"shelf(build_strate, rebuild_strategy)", "shelf_note(shelf_build_strate, page, text)");
	}

	@Test
	void foreignKeysHaveTheNamesThatWereGivenToThem() throws SQLException {
		assertThat(foreignKeyNames("shelf")).contains("fk_of_parent");
		assertThat(foreignKeyNames("box")).contains("fk_label_of_box", "fk_box_spareshelf");
	}

	@Test
	void schemaListsEveryTableWithRowsOfBuilds() {
		assertThat(this.node.mapping.schema().tables()).extracting(StratifiedTable::plainName)
			.containsExactlyInAnyOrder("catalog", "settings", "product", "product_tag", "tag", "media", "image",
					"video", "media_labels", "media_properties", "price_rule", "site", "shelf", "shelf_note", "box",
					"box_marks", "label");
	}

	@Test
	void schemaListsTheAssociationsInsideAScope() {
		assertThat(this.node.mapping.schema().references("depot"))
			.extracting((reference) -> reference.name() + ": " + reference.from().plainName() + "." + reference.column()
					+ " -> " + reference.to().plainName() + "." + reference.to().idColumn())
			.containsExactlyInAnyOrder("Shelf.parent: shelf.parent_id -> site.id",
					"Box.shelf: box.shelf -> shelf.shelf_no", "Box.spareShelf: box.spare_shelf -> shelf.shelf_no",
					"Box.label: box.label_id -> label.id");
		assertThat(this.node.mapping.schema().references("catalog")).extracting(StratifiedReference::name)
			.contains("Product.dimensions.packaging");
	}

	@Test
	void parentsFirstPutsWhatIsReferencedInFront() {
		List<String> names = this.node.mapping.schema()
			.parentsFirst("catalog")
			.stream()
			.map(StratifiedTable::plainName)
			.toList();

		assertThat(names).containsSubsequence("catalog", "product", "product_tag")
			.containsSubsequence("tag", "product")
			.containsSubsequence("product", "media", "image")
			.containsSubsequence("media", "media_labels");
	}

	@Test
	void validateAcceptsWhatWasCreated() {
		try (TestNode other = node(this.database, "validate").build()) {
			assertThat(other.entityManagerFactory.isOpen()).isTrue();
		}
	}

	@Test
	void updateOfWhatWasCreatedAddsNothing() throws SQLException {
		Map<String, String> keys = primaryKeys();
		Set<String> foreignKeys = foreignKeys();
		List<String> indexNames = indexNames();

		node(this.database, "update").build().close();

		assertThat(primaryKeys()).isEqualTo(keys);
		assertThat(foreignKeys()).isEqualTo(foreignKeys);
		assertThat(indexNames()).isEqualTo(indexNames);
	}

	@Test
	void updateOfNothingCreatesTheSame() throws SQLException {
		Map<String, String> keys = primaryKeys();
		Set<String> foreignKeys = foreignKeys();
		Set<String> unique = indexes(true);
		DevDatabase empty = newDatabase();

		try (TestNode updated = node(empty, "update").build()) {
			TestNode created = this.node;
			this.node = updated;
			try {
				assertThat(primaryKeys()).isEqualTo(keys);
				assertThat(foreignKeys()).isEqualTo(foreignKeys);
				assertThat(indexes(true)).isEqualTo(unique);
			}
			finally {
				this.node = created;
			}
		}
	}

	@Test
	void exportedScriptCreatesTheSame() throws SQLException, IOException {
		Path script = this.directory.resolve("schema.sql");
		DevDatabase empty = newDatabase();

		node(empty, "none").property("jakarta.persistence.schema-generation.scripts.action", "create")
			.property("jakarta.persistence.schema-generation.scripts.create-target", script.toString())
			.build()
			.close();

		try (TestNode other = node(empty, "none").build(); Stream<String> lines = Files.lines(script)) {
			List<String> statements = lines.toList();
			statements.forEach((statement) -> other.jdbc.sql(statement).update());
			Set<String> foreignKeys = foreignKeys();
			TestNode created = this.node;
			this.node = other;
			try {
				assertThat(foreignKeys()).isEqualTo(foreignKeys);
				node(empty, "validate").build().close();
			}
			finally {
				this.node = created;
			}
		}
	}

	private Map<String, String> primaryKeys() throws SQLException {
		Map<String, String> keys = new TreeMap<>();
		forEachTable((metaData, catalog, table) -> {
			TreeMap<Integer, String> columns = new TreeMap<>();
			try (ResultSet rows = metaData.getPrimaryKeys(catalog, null, table)) {
				while (rows.next()) {
					columns.put(rows.getInt("KEY_SEQ"), lower(rows.getString("COLUMN_NAME")));
				}
			}
			if (!columns.isEmpty()) {
				keys.put(lower(table), String.join(", ", columns.values()));
			}
		});
		return keys;
	}

	private Set<String> foreignKeys() throws SQLException {
		Set<String> keys = new TreeSet<>();
		forEachTable((metaData, catalog, table) -> {
			Map<String, List<String[]>> byName = new TreeMap<>();
			try (ResultSet rows = metaData.getImportedKeys(catalog, null, table)) {
				while (rows.next()) {
					byName.computeIfAbsent(rows.getString("FK_NAME"), (name) -> new ArrayList<>())
						.add(new String[] { lower(rows.getString("FKCOLUMN_NAME")),
								lower(rows.getString("PKTABLE_NAME")), lower(rows.getString("PKCOLUMN_NAME")) });
				}
			}
			byName.values()
				.forEach((columns) -> keys.add(lower(table) + "(" + join(columns, 0) + ") -> " + columns.get(0)[1] + "("
						+ join(columns, 2) + ")"));
		});
		return keys;
	}

	private List<String> foreignKeyNames(String of) throws SQLException {
		List<String> names = new ArrayList<>();
		forEachTable((metaData, catalog, table) -> {
			if (lower(table).equals(of)) {
				try (ResultSet rows = metaData.getImportedKeys(catalog, null, table)) {
					while (rows.next()) {
						names.add(lower(rows.getString("FK_NAME")));
					}
				}
			}
		});
		return names;
	}

	/** The indexes besides those of primary keys. */
	private Set<String> indexes(boolean unique) throws SQLException {
		Map<String, String> primaryKeys = primaryKeys();
		Set<String> found = new TreeSet<>();
		forEachIndex((table, name, columns, isUnique) -> {
			String text = String.join(", ", columns);
			if (isUnique == unique && !(isUnique && text.equals(primaryKeys.get(table)))) {
				found.add(table + "(" + text + ")");
			}
		});
		return found;
	}

	private List<String> indexNames() throws SQLException {
		List<String> names = new ArrayList<>();
		forEachIndex((table, name, columns, isUnique) -> names.add(table + "." + name));
		names.sort(null);
		return names;
	}

	private void forEachIndex(IndexVisitor visitor) throws SQLException {
		forEachTable((metaData, catalog, table) -> {
			Map<String, List<String>> columns = new TreeMap<>();
			Map<String, Boolean> unique = new TreeMap<>();
			try (ResultSet rows = metaData.getIndexInfo(catalog, null, table, false, false)) {
				while (rows.next()) {
					if (rows.getString("INDEX_NAME") != null) {
						String name = lower(rows.getString("INDEX_NAME"));
						columns.computeIfAbsent(name, (key) -> new ArrayList<>())
							.add(lower(rows.getString("COLUMN_NAME")));
						unique.put(name, !rows.getBoolean("NON_UNIQUE"));
					}
				}
			}
			columns.forEach((name, list) -> visitor.visit(lower(table), name, list, unique.get(name)));
		});
	}

	private void forEachTable(TableVisitor visitor) throws SQLException {
		try (Connection connection = this.node.dataSource.getConnection()) {
			DatabaseMetaData metaData = connection.getMetaData();
			List<String> tables = new ArrayList<>();
			String schema = connection.getSchema();
			try (ResultSet rows = metaData.getTables(connection.getCatalog(), schema, null,
					new String[] { "TABLE", "BASE TABLE" })) {
				while (rows.next()) {
					tables.add(rows.getString("TABLE_NAME"));
				}
			}
			for (String table : tables) {
				if (!lower(table).startsWith("strat") && !lower(table).startsWith("released")) {
					visitor.visit(metaData, connection.getCatalog(), table);
				}
			}
		}
	}

	private static String join(List<String[]> columns, int part) {
		return String.join(", ", columns.stream().map((column) -> column[part]).toList());
	}

	private static String lower(String name) {
		return name.toLowerCase(Locale.ROOT);
	}

	@FunctionalInterface
	private interface TableVisitor {

		void visit(DatabaseMetaData metaData, String catalog, String table) throws SQLException;

	}

	@FunctionalInterface
	private interface IndexVisitor {

		void visit(String table, String name, List<String> columns, boolean unique);

	}

}
