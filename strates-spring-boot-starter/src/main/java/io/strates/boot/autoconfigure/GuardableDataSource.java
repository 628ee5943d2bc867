package io.strates.boot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.strates.query.hibernate.GuardedDataSource;
import io.strates.query.hibernate.StatementGuard;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A data source of the application whose statements can be checked. Which one of several
 * holds the stratified tables is known when the persistence unit is up.
 */
final class GuardableDataSource extends DelegatingDataSource {

	private volatile @Nullable DataSource guarded;

	GuardableDataSource(DataSource dataSource) {
		super(dataSource);
	}

	void guard(@Nullable StatementGuard guard) {
		this.guarded = (guard != null) ? new GuardedDataSource(obtainTargetDataSource(), guard) : null;
	}

	@Override
	public Connection getConnection() throws SQLException {
		DataSource current = this.guarded;
		return (current != null) ? current.getConnection() : super.getConnection();
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		DataSource current = this.guarded;
		return (current != null) ? current.getConnection(username, password) : super.getConnection(username, password);
	}

	/** Makes the data sources of the application guardable. */
	static final class PostProcessor implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource dataSource && !(bean instanceof GuardableDataSource)
					&& !ScopedProxyUtils.isScopedTarget(beanName)) ? new GuardableDataSource(dataSource) : bean;
		}

	}

}
