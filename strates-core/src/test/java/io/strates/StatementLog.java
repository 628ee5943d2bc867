package io.strates;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The statements that were prepared on a data source, or executed without. */
public final class StatementLog extends DelegatingDataSource {

	private final boolean enabled;

	private final List<String> statements = Collections.synchronizedList(new ArrayList<>());

	public StatementLog(DataSource target, boolean enabled) {
		super(target);
		this.enabled = enabled;
	}

	public List<String> statements() {
		synchronized (this.statements) {
			return new ArrayList<>(this.statements);
		}
	}

	public void clear() {
		this.statements.clear();
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return this.enabled ? proxy(Connection.class, connection) : connection;
	}

	private <T> T proxy(Class<T> type, T target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql
						&& (method.getName().startsWith("prepare") || method.getName().startsWith("execute"))) {
					this.statements.add(sql);
				}
				try {
					Object result = method.invoke(target, arguments);
					return method.getName().equals("createStatement") ? proxy(Statement.class, (Statement) result)
							: result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
