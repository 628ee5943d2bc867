package io.strates.boot.autoconfigure;

import javax.sql.DataSource;

import io.strates.build.WritePermits;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.query.hibernate.StatementGuard;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What refuses plain JDBC that names a stratified table without its build. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("strates.query.guard-jdbc")
class JdbcGuardConfiguration {

	@Bean
	static GuardableDataSource.PostProcessor stratesDataSourcePostProcessor() {
		return new GuardableDataSource.PostProcessor();
	}

	@Bean
	@Lazy(false)
	JdbcGuard stratesJdbcGuard(StratifiedUnit unit, HibernateMapping mapping, ObjectProvider<WritePermits> permits) {
		return JdbcGuard.on(unit.dataSource(),
				new StatementGuard(mapping::schemaIfBound, mapping.bound(), permits::getObject, null));
	}

	/**
	 * Guards from the moment when the persistence unit is up, which knows the tables,
	 * until it goes down: before and after that Hibernate creates, checks and drops them.
	 */
	static final class JdbcGuard implements AutoCloseable {

		private final GuardableDataSource dataSource;

		private JdbcGuard(GuardableDataSource dataSource) {
			this.dataSource = dataSource;
		}

		static JdbcGuard on(DataSource dataSource, StatementGuard guard) {
			if (!(dataSource instanceof GuardableDataSource guardable)) {
				throw new StratesStartException(
						"strates.query.guard-jdbc=true, but the DataSource of the persistence unit with the stratified"
								+ " entities (" + dataSource.getClass().getName() + ") is not a bean",
						"Declare this DataSource as a bean and give that to the EntityManagerFactory, or set"
								+ " strates.query.guard-jdbc=false.");
			}
			guardable.guard(guard);
			return new JdbcGuard(guardable);
		}

		@Override
		public void close() {
			this.dataSource.guard(null);
		}

	}

}
