package io.strates.entity.hibernate;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.strates.entity.NotPinnedException;
import io.strates.entity.StratifiedType;
import io.strates.internal.BoundBuilds;
import org.hibernate.boot.spi.InFlightMetadataCollector;
import org.hibernate.engine.spi.FilterDefinition;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.RootClass;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.resource.beans.spi.ManagedBean;

/**
 * Adds one filter for each scope, always on, whose parameter is the build that is bound
 * to the thread. Loading by key is left out: the key holds the build already, and a
 * filtered load would be planned anew on every call.
 */
final class ScopeFilters {

	private final HibernateMapping mapping;

	private final JdbcMapping uuid;

	ScopeFilters(HibernateMapping mapping, JdbcMapping uuid) {
		this.mapping = mapping;
		this.uuid = uuid;
	}

	void add(InFlightMetadataCollector metadata) {
		for (PersistentClass entity : metadata.getEntityBindingMap().values()) {
			StratifiedType type = this.mapping.model().find(entity.getMappedClass());
			if (type == null || !(entity instanceof RootClass)) {
				continue;
			}
			String filter = "strates_" + type.scope();
			String condition = KeyRewriter.BUILD_COLUMN + " = :build";
			if (metadata.getFilterDefinition(filter) == null) {
				metadata.addFilterDefinition(new FilterDefinition(filter, condition, true, false,
						Map.of("build", this.uuid), Map.of("build", new Resolver(type.scope(), this.mapping.bound()))));
			}
			entity.addFilter(filter, condition, true, Map.of(), Map.of());
		}
	}

	/** The build bound for a scope; without one the statement is refused. */
	private record Resolver(String scope, BoundBuilds bound) implements ManagedBean<Supplier<UUID>>, Supplier<UUID> {

		@Override
		@SuppressWarnings("unchecked")
		public Class<Supplier<UUID>> getBeanClass() {
			return (Class<Supplier<UUID>>) (Class<?>) Supplier.class;
		}

		@Override
		public Supplier<UUID> getBeanInstance() {
			return this;
		}

		@Override
		public UUID get() {
			BoundBuilds.Bound build = this.bound.findToRead(this.scope);
			if (build == null) {
				throw new NotPinnedException(this.scope);
			}
			return build.buildStrate();
		}

	}

}
