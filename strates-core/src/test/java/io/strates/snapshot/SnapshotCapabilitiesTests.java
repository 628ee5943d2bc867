package io.strates.snapshot;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.snapshot.CapabilityMissingException.Mismatch;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the library says that it can do. */
class SnapshotCapabilitiesTests {

	private final SnapshotCapabilities capabilities = new SnapshotCapabilities("1.2.3");

	@Test
	void capabilitiesAreWrittenInTheirShape() {
		GoldenDocuments.assertWritten(this.capabilities.toMap(), "capabilities.json");
	}

	@Test
	void shapesHaveTheVersionsThatDocumentsName() {
		assertThat(this.capabilities.schemas()).containsEntry("builder_health", BuilderHealth.SCHEMA_VERSION)
			.containsEntry("error_diagnostics", ErrorDiagnostics.SCHEMA_VERSION);
		assertThat(this.capabilities.supports("consistent_cut")).isTrue();
		assertThat(this.capabilities.supports("teleportation")).isFalse();
	}

	@Test
	void versionOfClassesWithoutAnArchiveIsNotKnown() {
		assertThat(SnapshotCapabilities.current().version()).isEqualTo("development");
	}

	@Test
	void whatIsThereCanBeRequired() {
		assertThat(this.capabilities.require(List.of("snapshot_requests"), Map.of("builder_health", 1)))
			.isSameAs(this.capabilities);
	}

	@Test
	void whatIsMissingIsNamed() {
		assertThatExceptionOfType(CapabilityMissingException.class)
			.isThrownBy(() -> this.capabilities.require(Set.of("teleportation", "snapshot_requests", "magic"),
					Map.of("x", 1, "builder_health", 2, "capabilities", 1)))
			.satisfies((missing) -> {
				assertThat(missing.missingFeatures()).containsExactly("magic", "teleportation");
				assertThat(missing.schemaMismatches()).containsOnlyKeys("x", "builder_health")
					.containsEntry("x", new Mismatch(1, null))
					.containsEntry("builder_health", new Mismatch(2, 1));
			})
			.withMessage("This version of Strates lacks features [magic, teleportation] and shapes"
					+ " {builder_health=2 or later, not 1, x=1 or later, not there};"
					+ " use a version that has them, or do not require them");
	}

}
