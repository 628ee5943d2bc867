package io.strates.entity.hibernate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedSchema;
import io.strates.internal.BoundBuilds;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.mapping.Table;
import org.hibernate.service.ServiceRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The mapping of one persistence unit: put {@link #properties()} among its settings and
 * its stratified entities are keyed by build, joined inside builds and filtered by the
 * bound build.
 *
 * <p>
 * Thread-safe once the persistence unit is up. One instance serves one persistence unit.
 *
 * @since 0.1.0
 */
public final class HibernateMapping {

	/** The setting that holds the mapping. */
	public static final String SETTING = "io.strates.mapping";

	private final StratifiedModel model;

	private final BoundBuilds bound;

	private final Set<Table> reordered = new HashSet<>();

	private final Map<String, StratifiedReference> byForeignKey = new ConcurrentHashMap<>();

	private volatile @Nullable StratifiedSchema schema;

	/**
	 * Creates the mapping of a persistence unit.
	 * @param model its stratified entities
	 * @param bound where the filters find the build that a thread works on
	 */
	public HibernateMapping(StratifiedModel model, BoundBuilds bound) {
		this.model = model;
		this.bound = bound;
	}

	/**
	 * Returns the settings that switch the mapping on.
	 * @return settings to add to those of the persistence unit
	 */
	public Map<String, Object> properties() {
		return Map.of(SETTING, this);
	}

	/**
	 * Returns the tables that were bound.
	 * @return the schema
	 * @throws IllegalStateException if the persistence unit is not up yet
	 */
	public StratifiedSchema schema() {
		StratifiedSchema bound = this.schema;
		if (bound == null) {
			throw new IllegalStateException("The persistence unit of the stratified entities is not up yet: "
					+ "build its EntityManagerFactory with the settings of HibernateMapping.properties() first");
		}
		return bound;
	}

	/**
	 * Returns the tables that were bound, if any yet.
	 * @return the schema, or {@code null} while the persistence unit is not up
	 */
	public @Nullable StratifiedSchema schemaIfBound() {
		return this.schema;
	}

	/**
	 * Returns the association that a foreign key of the database stands for.
	 * @param foreignKey the name of the foreign key, as the database tells it
	 * @return the association, or {@code null} if the key is none of the library's
	 */
	public @Nullable StratifiedReference findReference(String foreignKey) {
		return this.byForeignKey.get(foreignKey.toLowerCase(Locale.ROOT));
	}

	void addReference(String foreignKey, StratifiedReference reference) {
		this.byForeignKey.put(foreignKey.toLowerCase(Locale.ROOT), reference);
	}

	/**
	 * Returns the stratified entities.
	 * @return the model
	 */
	public StratifiedModel model() {
		return this.model;
	}

	/**
	 * Returns where the filters find the build that a thread works on.
	 * @return the bound builds
	 */
	public BoundBuilds bound() {
		return this.bound;
	}

	/**
	 * Returns the mapping that a persistence unit was built with.
	 * @param settings the settings of the persistence unit
	 * @return the mapping, or {@code null} if it has none
	 */
	public static @Nullable HibernateMapping find(Map<String, Object> settings) {
		return (settings.get(SETTING) instanceof HibernateMapping mapping) ? mapping : null;
	}

	static @Nullable HibernateMapping find(ServiceRegistry registry) {
		return find(new HashMap<>(registry.requireService(ConfigurationService.class).getSettings()));
	}

	/**
	 * A second unit with the same settings but without such entities takes nothing away.
	 */
	void bind(StratifiedSchema schema) {
		if (this.schema == null || !schema.tables().isEmpty()) {
			this.schema = schema;
		}
	}

	/** Tables whose key columns are in order already and are not to be sorted again. */
	Set<Table> reordered() {
		return this.reordered;
	}

}
