package io.strates.entity.hibernate;

import java.util.Objects;
import java.util.UUID;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.MetadataBuilder;
import org.hibernate.boot.ResourceStreamLocator;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.spi.AdditionalMappingContributions;
import org.hibernate.boot.spi.AdditionalMappingContributor;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.boot.spi.InFlightMetadataCollector;
import org.hibernate.boot.spi.MetadataBuilderImplementor;
import org.hibernate.boot.spi.MetadataBuilderInitializer;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.metamodel.mapping.JdbcMapping;

/**
 * What Hibernate's service loader finds: three moments in the start of a persistence
 * unit, at each of which nothing happens unless its settings hold a
 * {@link HibernateMapping}. The loader wants public types; that they are members of a
 * hidden one keeps them from everybody else.
 */
final class HibernateServices {

	private HibernateServices() {
	}

	/** Before entities are bound: keys and joins. */
	public static final class BeforeBinding implements MetadataBuilderInitializer {

		/** Called by the service loader. */
		public BeforeBinding() {
		}

		@Override
		public void contribute(MetadataBuilder builder, StandardServiceRegistry registry) {
			HibernateMapping mapping = HibernateMapping.find(registry);
			if (mapping != null) {
				BootstrapContext context = ((MetadataBuilderImplementor) builder).getBootstrapContext();
				new KeyRewriter(mapping, context.getModelsContext()).run();
				builder.applyColumnOrderingStrategy(new KeepKeyOrder(mapping));
			}
		}

	}

	/** While entities are bound: filters. */
	public static final class Binding implements AdditionalMappingContributor {

		/** Called by the service loader. */
		public Binding() {
		}

		@Override
		public void contribute(AdditionalMappingContributions contributions, InFlightMetadataCollector metadata,
				ResourceStreamLocator resources, MetadataBuildingContext building) {
			BootstrapContext context = building.getBootstrapContext();
			HibernateMapping mapping = HibernateMapping.find(context.getServiceRegistry());
			if (mapping != null) {
				JdbcMapping uuid = Objects
					.requireNonNull(context.getTypeConfiguration().getBasicTypeForJavaType(UUID.class));
				new ScopeFilters(mapping, uuid).add(metadata);
			}
		}

	}

	/**
	 * After entities are bound, before any schema is exported or validated: the tables.
	 */
	public static final class AfterBinding implements Integrator {

		/** Called by the service loader. */
		public AfterBinding() {
		}

		@Override
		public void integrate(Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
			HibernateMapping mapping = HibernateMapping.find(factory.getServiceRegistry());
			if (mapping != null) {
				boolean queryCache = factory.getSessionFactoryOptions().isQueryCacheEnabled();
				new BindingCheck(mapping.model(), metadata, queryCache).run();
				new SchemaIntegrator(mapping, metadata, factory).run();
				factory.addObserver(new EmbeddedJoins(mapping.model()));
			}
		}

	}

}
