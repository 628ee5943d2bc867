package io.strates.entity.hibernate;

import java.util.Set;

import io.strates.TestNode;
import io.strates.dev.DevPostgres;
import io.strates.entity.StratesMappingException;
import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link BindingCheck}: faults that only Hibernate's own view of the mapping
 * shows.
 */
class MappingFaultsAtStartIntegrationTests {

	@Test
	void queryCacheIsRefusedBecauseItsKeysDoNotHoldTheBuild() {
		TestNode.Options options = TestNode.builder(DevPostgres.newDatabase())
			.property("hibernate.cache.use_query_cache", true)
			.property("hibernate.cache.region.factory_class", MapRegionFactory.class.getName());

		assertThatThrownBy(options::build).rootCause()
			.isInstanceOf(StratesMappingException.class)
			.hasMessageContainingAll("hibernate.cache.use_query_cache", "do not hold the build", "switch it off");
	}

	@Test
	void relationsAddedByAMappingFileAreRefusedTogether() {
		TestNode.Options options = TestNode.builder(DevPostgres.newDatabase())
			.entities(Root.class, Leaf.class)
			.mappingFile("io/strates/entity/hibernate/unsafe-orm.xml");

		assertThatThrownBy(options::build).rootCause()
			.isInstanceOf(StratesMappingException.class)
			.hasMessageContainingAll("ByXml: is stratified but not among", "Leaf.roots: is kept in a table");
	}

	@Entity(name = "Root")
	@Stratified(scope = "s", root = true)
	static class Root extends StratifiedEntity {

		@Id
		Long id;

		@Override
		public Long getId() {
			return this.id;
		}

	}

	@Entity(name = "Leaf")
	@Stratified(scope = "s")
	static class Leaf extends StratifiedEntity {

		@Id
		Long id;

		Set<Root> roots;

		@Override
		public Long getId() {
			return this.id;
		}

	}

	static class ByXml extends StratifiedEntity {

		@Id
		Long id;

		@Override
		public Long getId() {
			return this.id;
		}

	}

}
