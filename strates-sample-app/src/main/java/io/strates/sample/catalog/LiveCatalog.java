package io.strates.sample.catalog;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.strates.build.BuildWriter;
import io.strates.query.PinRequest;
import io.strates.query.QueryService;
import io.strates.sample.debian.DebianVersion;
import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads whole states row by row, to compare them with an index and to copy them into a
 * build. Thread-safe; each call is a transaction of its own.
 */
@Component
class LiveCatalog {

	/** After how many rows the persistence context is emptied. */
	private static final int CLEAR_AFTER = 1_000;

	private final QueryService queries;

	private final TransactionTemplate transaction;

	private final EntityManager entityManager;

	private final PackageRepository packages;

	private final DependencyRepository dependencies;

	private final PackageTagRepository tags;

	LiveCatalog(QueryService queries, PlatformTransactionManager transactionManager, EntityManager entityManager,
			PackageRepository packages, DependencyRepository dependencies, PackageTagRepository tags) {
		this.queries = queries;
		this.transaction = new TransactionTemplate(transactionManager);
		this.transaction.setReadOnly(true);
		this.entityManager = entityManager;
		this.packages = packages;
		this.dependencies = dependencies;
		this.tags = tags;
	}

	/**
	 * What a package is compared by, and what it refers to.
	 *
	 * @param version its version
	 * @param section the name of its section
	 * @param maintainer the contact of its maintainer
	 */
	record Summary(DebianVersion version, @Nullable String section, @Nullable String maintainer) {
	}

	/** Returns all packages by their names: about 200 bytes for each. */
	Map<String, Summary> summaries(PinRequest state) {
		Map<String, Summary> summaries = new HashMap<>();
		Map<String, String> pool = new HashMap<>();
		read(state, this.packages::streamVersions,
				(live) -> summaries.put(live.getName(), new Summary(new DebianVersion(live.getVersion()),
						pooled(live.getSection(), pool), pooled(live.getMaintainer(), pool))));
		return summaries;
	}

	/** Counts dependencies and tags of all packages. */
	long countEntries(PinRequest state) {
		return this.queries.pinned(state, () -> this.dependencies.count() + this.tags.count());
	}

	/** Returns the tags that packages of certain names bear. */
	Set<String> tags(PinRequest state, Predicate<String> names) {
		Set<String> found = new HashSet<>();
		read(state, this.tags::streamNames, (row) -> {
			if (names.test((String) row[0])) {
				found.add((String) row[1]);
			}
		});
		return found;
	}

	void copyPackages(PinRequest state, Predicate<String> names, BuildWriter writer) {
		copy(state, this.packages::streamRows, names, writer);
	}

	void copyDependencies(PinRequest state, Predicate<String> names, BuildWriter writer) {
		copy(state, this.dependencies::streamRows, names, writer);
	}

	void copyTags(PinRequest state, Predicate<String> names, BuildWriter writer) {
		copy(state, this.tags::streamRows, names, writer);
	}

	private void copy(PinRequest state, Supplier<Stream<Object[]>> rows, Predicate<String> names, BuildWriter writer) {
		read(state, rows, (row) -> {
			if (names.test((String) row[0])) {
				writer.write(row[1]);
			}
		});
	}

	private <T> void read(PinRequest state, Supplier<Stream<T>> query, Consumer<T> consumer) {
		this.transaction.executeWithoutResult((transaction) -> this.queries.pinned(state, () -> {
			int count = 0;
			try (Stream<T> rows = query.get()) {
				for (T row : (Iterable<T>) rows::iterator) {
					consumer.accept(row);
					if (++count % CLEAR_AFTER == 0) {
						this.entityManager.clear();
					}
				}
			}
			return count;
		}));
	}

	private static @Nullable String pooled(@Nullable String text, Map<String, String> pool) {
		return (text != null) ? pool.computeIfAbsent(text, Function.identity()) : null;
	}

}
