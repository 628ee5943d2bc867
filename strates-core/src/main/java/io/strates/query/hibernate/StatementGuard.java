package io.strates.query.hibernate;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.entity.StratifiedSchema;
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

	private final transient BooleanSupplier writing;

	private final transient @Nullable StatementInspector next;

	private final transient AtomicReference<@Nullable StatementCheck> check = new AtomicReference<>();

	private final transient Cache<String, StatementCheck.Verdict> verdicts = Caffeine.newBuilder()
		.maximumSize(CACHED_TEXTS)
		.build();

	/**
	 * Creates a guard.
	 * @param schema the stratified tables, or {@code null} while the persistence unit is
	 * not up
	 * @param writing whether the current transaction has locked a build for writing
	 * @param next the application's own inspector, asked afterwards, or {@code null}
	 */
	public StatementGuard(Supplier<@Nullable StratifiedSchema> schema, BooleanSupplier writing,
			@Nullable StatementInspector next) {
		this.schema = schema;
		this.writing = writing;
		this.next = next;
	}

	@Override
	public @Nullable String inspect(String sql) {
		StatementCheck.Verdict verdict = requireFixed(sql);
		if (verdict.writes() && !this.writing.getAsBoolean()) {
			throw new UnpinnedStatementException("The statement changes a stratified table outside an open build",
					"write rows with build.writer(), or with repositories inside build.run(…)", sql);
		}
		return (this.next != null) ? this.next.inspect(sql) : sql;
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
