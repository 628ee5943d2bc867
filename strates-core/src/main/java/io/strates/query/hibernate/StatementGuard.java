package io.strates.query.hibernate;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.build.WritePermits;
import io.strates.entity.StratifiedSchema;
import io.strates.internal.BoundBuilds;
import io.strates.query.UnpinnedStatementException;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

/**
 * Inspects every statement that Hibernate prepares, native SQL and stateless sessions
 * included. It sees the text, not the parameters: that a statement fixes a build is
 * checked here, which build it is bound to is up to who wrote it.
 *
 * <p>
 * Thread-safe. The verdict on a text is cached.
 *
 * @since 0.1.0
 */
public final class StatementGuard implements StatementInspector {

	private static final long serialVersionUID = 1L;

	private static final int CACHED_TEXTS = 4_096;

	private final transient Supplier<@Nullable StratifiedSchema> schema;

	private final transient BoundBuilds bound;

	private final transient Supplier<WritePermits> permits;

	private final transient @Nullable StatementInspector next;

	private final transient AtomicReference<@Nullable StatementCheck> check = new AtomicReference<>();

	private final transient Cache<String, StatementCheck.Verdict> verdicts = Caffeine.newBuilder()
		.maximumSize(CACHED_TEXTS)
		.build();

	/**
	 * Creates a guard.
	 * @param schema the stratified tables, or {@code null} while the persistence unit is
	 * not up
	 * @param bound where the open build of a thread is found
	 * @param permits locks builds for writing; asked for with the first write
	 * @param next the application's own inspector, asked afterwards, or {@code null}
	 */
	public StatementGuard(Supplier<@Nullable StratifiedSchema> schema, BoundBuilds bound,
			Supplier<WritePermits> permits, @Nullable StatementInspector next) {
		this.schema = schema;
		this.bound = bound;
		this.permits = permits;
		this.next = next;
	}

	@Override
	public @Nullable String inspect(String sql) {
		StatementCheck.Verdict verdict = requireFixed(sql);
		if (verdict.writes()) {
			requireOpenBuild(verdict, sql);
		}
		return (this.next != null) ? this.next.inspect(sql) : sql;
	}

	/**
	 * An insert is let pass in a transaction that writes to some build: the row says to
	 * which, and was checked. What changes rows that are there needs an open build in
	 * this thread, for that is the build that JPQL then changes.
	 */
	private void requireOpenBuild(StatementCheck.Verdict verdict, String sql) {
		if (verdict.changes().isEmpty() && this.permits.get().any()) {
			return;
		}
		for (String scope : verdict.changes()) {
			BoundBuilds.Bound open = this.bound.find(scope);
			if (open == null || !open.writable()) {
				throw outsideBuild(sql);
			}
			this.permits.get().require(open.buildStrate());
		}
		if (verdict.changes().isEmpty()) {
			throw outsideBuild(sql);
		}
	}

	private static UnpinnedStatementException outsideBuild(String sql) {
		return new UnpinnedStatementException("The statement changes a stratified table outside an open build",
				"write rows with build.writer(), or with repositories inside build.run(…)", sql);
	}

	/** Refuses a statement that leaves open which build it is about. */
	StatementCheck.Verdict requireFixed(String sql) {
		StatementCheck current = check();
		StatementCheck.Verdict verdict = (current != null) ? this.verdicts.get(sql, current::verdict)
				: StatementCheck.Verdict.FINE;
		if (verdict.problem() != null) {
			throw new UnpinnedStatementException(verdict.problem(), verdict.remedy(), sql);
		}
		return verdict;
	}

	private @Nullable StatementCheck check() {
		StatementCheck current = this.check.get();
		if (current == null) {
			StratifiedSchema bound = this.schema.get();
			if (bound != null) {
				current = new StatementCheck(bound.tables());
				this.check.set(current);
			}
		}
		return current;
	}

	/**
	 * Returns what to add to the settings of a persistence unit.
	 * @return the setting that names this inspector
	 */
	public Map<String, Object> properties() {
		return Map.of("hibernate.session_factory.statement_inspector", this);
	}

}
