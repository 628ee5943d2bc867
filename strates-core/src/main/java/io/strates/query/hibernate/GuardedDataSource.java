package io.strates.query.hibernate;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A data source that refuses SQL which names a stratified table without fixing its build,
 * whoever sends it: {@code JdbcTemplate}, {@code JdbcClient} or plain JDBC. Without it
 * such SQL is sent as it is, and reads the rows of all builds.
 *
 * <p>
 * It has to be the data source of the whole application, the persistence unit included,
 * since a transaction's connection is found by its data source. Statements that change
 * rows of a build which they fix are let through: that only open builds change is checked
 * for entities, not for SQL. What is reached with {@code unwrap} or from a result set is
 * not checked, nor is the text of {@code nativeSQL}, which sends nothing.
 *
 * @since 0.1.0
 */
public final class GuardedDataSource extends DelegatingDataSource {

	private final StatementGuard guard;

	/**
	 * Creates a data source.
	 * @param dataSource where connections come from
	 * @param guard knows the stratified tables once the persistence unit is up; until
	 * then all SQL passes
	 */
	public GuardedDataSource(DataSource dataSource, StatementGuard guard) {
		super(dataSource);
		this.guard = guard;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return guarded(super.getConnection());
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return guarded(super.getConnection(username, password));
	}

	private Connection guarded(Connection connection) {
		return proxy(Connection.class, new Checking(connection, null, this.guard::requireFixed));
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type
			.cast(Proxy.newProxyInstance(GuardedDataSource.class.getClassLoader(), new Class<?>[] { type }, handler));
	}

	/**
	 * Checks what is given to a connection's {@code prepare…} and to a statement's
	 * {@code execute…} and {@code addBatch}. Statements and metadata lead back to the
	 * connection that checks, not to the one behind it.
	 *
	 * @param target the connection, or what has come from it
	 * @param connection the connection that checks, or {@code null} for itself
	 * @param check throws if the text is refused
	 */
	private record Checking(Object target, @Nullable Connection connection,
			Consumer<String> check) implements InvocationHandler {

		private static final Set<Class<?>> CHECKED = Set.of(Statement.class, PreparedStatement.class,
				CallableStatement.class, DatabaseMetaData.class);

		@Override
		@SuppressWarnings("ReferenceEquality") // a connection equals itself only
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
				throws Throwable {
			if (arguments != null && arguments.length == 1 && method.getName().equals("equals")) {
				return proxy == arguments[0];
			}
			if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql && isSql(method)) {
				this.check.accept(sql);
			}
			try {
				Object result = method.invoke(this.target, arguments);
				if (result instanceof Connection && this.connection != null
						&& method.getName().equals("getConnection")) {
					return this.connection;
				}
				return (result != null && CHECKED.contains(method.getReturnType())) ? checked(proxy, method, result)
						: result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}

		private Object checked(Object proxy, Method method, Object result) {
			Connection around = (this.connection != null) ? this.connection : (Connection) proxy;
			return proxy(method.getReturnType(), new Checking(result, around, this.check));
		}

		private static boolean isSql(Method method) {
			String name = method.getName();
			return name.startsWith("prepare") || name.startsWith("execute") || name.equals("addBatch");
		}

	}

}
