package io.strates.sample.suite;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import io.strates.query.PinRequest;
import io.strates.query.PinnedReads;
import io.strates.query.QueryService;
import io.strates.release.NothingReleasedException;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.WebRequest;

/**
 * Reads the state of a suite that a request asks for: the live one, or that of an earlier
 * release. One request is one transaction and sees one build.
 */
@Component
public class StateReader {

	private final QueryService queries;

	private final TransactionTemplate transaction;

	StateReader(QueryService queries, PlatformTransactionManager transactionManager) {
		this.queries = queries;
		this.transaction = new TransactionTemplate(transactionManager);
		this.transaction.setReadOnly(true);
	}

	/**
	 * Reads a state.
	 * @param suite the suite
	 * @param release the number of a release, or {@code null} for the live one
	 * @param request the request that is to be answered
	 * @param work reads through repositories, which see that state alone
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws io.strates.sample.web.NotFoundException if the suite has no release
	 * @throws io.strates.release.ReleaseNotFoundException if there is no such release, or
	 * its rows are no longer kept
	 */
	public <T> T read(String suite, @Nullable Long release, WebRequest request, Function<State, T> work) {
		return read(suite, release, () -> work.apply(new State(this.queries.current(Suites.SCOPE), request)));
	}

	/**
	 * Reads a state for something else than an answer of its own.
	 * @param suite the suite
	 * @param release the number of a release, or {@code null} for the live one
	 * @param work reads through repositories, which see that state alone
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws io.strates.sample.web.NotFoundException if the suite has no release
	 * @throws io.strates.release.ReleaseNotFoundException if there is no such release, or
	 * its rows are no longer kept
	 */
	public <T> T read(String suite, @Nullable Long release, Supplier<T> work) {
		Suites.requireKnowable(suite);
		try {
			return Objects.requireNonNull(
					this.transaction.execute((transaction) -> this.queries.pinned(wanted(suite, release), work::get)));
		}
		catch (NothingReleasedException ex) {
			throw Suites.unknown(suite);
		}
	}

	/**
	 * Returns the read models of a state. They come from memory, mostly: no transaction
	 * is needed.
	 * @param suite the suite
	 * @param release the number of a release, or {@code null} for the live one
	 * @return the read models
	 * @throws io.strates.sample.web.NotFoundException if the suite has no release
	 * @throws io.strates.release.ReleaseNotFoundException if there is no such release, or
	 * its rows are no longer kept
	 */
	public PinnedReads reads(String suite, @Nullable Long release) {
		Suites.requireKnowable(suite);
		try {
			return (release != null) ? this.queries.pinned(wanted(suite, release))
					: this.queries.pinned(Suites.SCOPE, suite);
		}
		catch (NothingReleasedException ex) {
			throw Suites.unknown(suite);
		}
	}

	private static PinRequest wanted(String suite, @Nullable Long release) {
		return (release != null) ? PinRequest.release(Suites.SCOPE, suite, release)
				: PinRequest.released(Suites.SCOPE, suite);
	}

}
