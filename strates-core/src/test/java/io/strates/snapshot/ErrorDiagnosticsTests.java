package io.strates.snapshot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.strates.StratesException;
import io.strates.snapshot.AcceptanceViolation.InsufficientAuthority;
import io.strates.snapshot.AcceptanceViolation.Unsatisfied;
import io.strates.snapshot.ErrorDiagnostics.ResourceError;
import io.strates.snapshot.ErrorDiagnostics.SnapshotError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Errors as documents. */
class ErrorDiagnosticsTests {

	private static final ResourceType<Long> PRICE = ResourceType.of("test", "price", Long.class);

	private static final ResourceKey<Long> BTC = PRICE.key("BTC");

	private static final SourceFailure FAILURE = new SourceFailure("rest", "ConnectTimeout", "msg", 2);

	@Test
	void failureHasAText() {
		assertThat(FAILURE).hasToString("rest: ConnectTimeout(msg; attempts=2)");
	}

	@Test
	void failureIsWrittenInItsShape() {
		GoldenDocuments.assertWritten(ErrorDiagnostics.toMap(FAILURE), "source-failure.json");
	}

	@Test
	void errorOfASnapshotIsWrittenInItsShape() {
		SnapshotIncompleteException error = new SnapshotIncompleteException(
				Map.of(BTC, new ResourceUnresolvedException(BTC, List.of(FAILURE))), new StubSnapshot());

		GoldenDocuments.assertWritten(ErrorDiagnostics.of(error).toMap(), "snapshot-error.json");
	}

	@Test
	void refusalHasAnErrorForEachResourceThatAViolationNames() {
		SnapshotRefusedException error = new SnapshotRefusedException(List.of(new InsufficientAuthority(BTC, 40, 100),
				new Unsatisfied(Requirement.anyOf(BTC, PRICE.key("ETH")).named("quorum"), 0)), null);

		GoldenDocuments.assertWritten(ErrorDiagnostics.of(error).toMap(), "snapshot-refused.json");
	}

	@Test
	void skewHasNoErrorsOfResources() {
		StubSnapshot snapshot = new StubSnapshot().value(BTC, 100).value(PRICE.key("ETH"), 104);
		SnapshotSkewException error = new SnapshotSkewException(List.copyOf(snapshot.values().keySet()),
				snapshot.values().get(BTC), snapshot.values().get(PRICE.key("ETH")), StubSnapshot.seconds(2), snapshot);

		SnapshotError described = ErrorDiagnostics.of(error);

		assertThat(described.errors()).isEmpty();
		assertThat(described.errorType()).isEqualTo("SnapshotSkewException");
		assertThat(described.hasPartialSnapshot()).isTrue();
	}

	@Test
	void snapshotThatIsNotThereIsSaidToBeMissing() {
		SnapshotError described = ErrorDiagnostics.of(new SnapshotIncompleteException(Map.of(), null));

		assertThat(described.hasPartialSnapshot()).isFalse();
		assertThat(described.toMap()).containsEntry("partial_snapshot_available", false)
			.containsEntry("has_partial_snapshot", false);
	}

	@Test
	void errorThatIsNoUnresolvedResourceHasNoFailures() {
		ResourceError described = ErrorDiagnostics.of(BTC, new SnapshotDeadlineException("too late", null));

		assertThat(described)
			.isEqualTo(new ResourceError("test:price:BTC", "SnapshotDeadlineException", "too late", List.of()));
	}

	@Test
	void textsShowTheFirstErrorsAndDocumentsShowAll() {
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();
		List<SourceFailure> failures = IntStream.range(0, 6)
			.mapToObj((source) -> new SourceFailure("source" + source, "Down", "gone", 1))
			.toList();
		IntStream.range(0, 7)
			.mapToObj(PRICE::key)
			.forEach((key) -> errors.put(key, new ResourceUnresolvedException(key, failures)));
		SnapshotIncompleteException error = new SnapshotIncompleteException(errors, null);

		assertThat(errors.values().iterator().next()).hasMessageEndingWith("; +3 more failure(s)");
		assertThat(error).hasMessageEndingWith("; +2 more resource error(s)");
		SnapshotError described = ErrorDiagnostics.of(error);
		assertThat(described.errors()).hasSize(7);
		assertThat(described.errors()).extracting(ResourceError::resource).startsWith("test:price:0", "test:price:1");
		assertThat(described.errors()).allSatisfy((each) -> assertThat(each.failures()).isEqualTo(failures));
	}

	@Test
	void messagesAreOneLineOfAtMost300Characters() {
		ResourceError described = ErrorDiagnostics.of(BTC, new IllegalStateException(" a\n\t b " + "x".repeat(400)));

		assertThat(described.message()).hasSize(300).startsWith("a b xxx").endsWith("x...");
		assertThat(ErrorDiagnostics.of(BTC, new IllegalStateException("x".repeat(300))).message()).endsWith("xxx");
		assertThat(ErrorDiagnostics.of(BTC, new IllegalStateException()).message()).isEqualTo("<no message>");
		assertThat(new SourceFailure("rest", "Down", "\n", 1).message()).isEqualTo("<no message>");
	}

}
