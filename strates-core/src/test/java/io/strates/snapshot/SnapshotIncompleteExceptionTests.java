package io.strates.snapshot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.strates.StratesException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SnapshotIncompleteExceptionTests {

	private static final ResourceType<String> PRICE = ResourceType.of("market", "price", String.class);

	// N7
	@Test
	void textHasTheFirstErrorsAndGetterAllInTheirOrder() {
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();
		for (int number = 7; number >= 1; number--) {
			errors.put(PRICE.key(number), new ResourceUnresolvedException(PRICE.key(number), List.of()));
		}

		SnapshotIncompleteException exception = new SnapshotIncompleteException(errors, null);

		assertThat(exception.getMessage()).startsWith("The snapshot is incomplete: market:price:7 cannot be resolved: ")
			.contains("market:price:3 ")
			.doesNotContain("market:price:2 ")
			.endsWith("; +2 more resource error(s)");
		assertThat(exception.errors()).containsExactlyEntriesOf(errors);
		assertThat(exception.snapshot()).isNull();
	}

}
