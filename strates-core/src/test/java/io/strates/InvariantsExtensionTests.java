package io.strates;

import java.util.UUID;

import io.strates.build.Build;
import io.strates.dev.DevDatabase;
import io.strates.query.PinRequest;
import io.strates.query.QueryService.PinHandle;
import io.strates.release.Release;
import io.strates.shop.ShopStates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InvariantsExtensionTests {

	private TestNode node;

	@BeforeEach
	void start() {
		this.node = TestNode
			.builder(new DevDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", ""))
			.build();
		ShopStates.released(this.node, "north", 2);
		ShopStates.released(this.node, "north", 3);
	}

	@AfterEach
	void stop() {
		this.node.close();
	}

	/** Nobody has named the extension here: JUnit knows it by itself. */
	@Test
	void whatTheLibraryLeavesBehindPasses(InvariantsExtension extension) {
		try (Build failed = this.node.builds.open("catalog", "north")) {
			ShopStates.write(failed.writer(), "north", 1);
			failed.writer().flush();
		}
		ShopStates.sealed(this.node, "south", 1);

		assertThatCode(extension::check).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { //
			"update released_strates set release_no = 1 | pointer without its log row",
			"delete from strates_release_log where release_no = 1 | gap in the numbers",
			"delete from released_strates | log without a pointer",
			"update strates_release_log set previous_strate = random_uuid() where release_no = 2 | does not follow",
			"update stratified_build set status = 'REJECTED' | live build that is not RELEASED",
			"update stratified_build set status = 'COLLECTED' where build_strate = <first> | builds with rows in",
			"delete from stratified_build where build_strate = <first> | builds with rows in",
			"delete from product_tag where product_id = 1 | no longer those counted" })
	void whatIsBrokenIsNamed(String statement, String problem, InvariantsExtension extension) {
		this.node.jdbc.sql("script to '" + backup() + "'").query().listOfRows();
		this.node.jdbc
			.sql(statement.replace("<first>", "(select build_strate from strates_release_log where release_no = 1)"))
			.update();

		try {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(extension::check).withMessageContaining(problem);
		}
		finally {
			this.node.jdbc.sql("drop all objects").update();
			this.node.jdbc.sql("runscript from '" + backup() + "'").update();
		}
	}

	private static String backup() {
		return "memFS:invariants.sql";
	}

	@Test
	void databaseIsCheckedOnceMoreAfterItsNodeWasClosed(InvariantsExtension extension) {
		this.node.jdbc.sql("update released_strates set release_no = 1").update();
		this.node.close();

		assertThatExceptionOfType(AssertionError.class).isThrownBy(extension::check);
		assertThatCode(extension::check).doesNotThrowAnyException();
	}

	@Test
	void pinThatIsLeftBehindIsNoticed(InvariantsExtension extension) {
		Release live = this.node.releases.current("catalog", "north").orElseThrow();
		PinHandle pin = this.node.queries.pin(java.util.List.of(PinRequest.release("catalog", "north", live.number())));

		try {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(extension::check)
				.withMessageContaining("pin of scope catalog");
		}
		finally {
			pin.close();
		}
		assertThat(pin.pins()).hasSize(1);
	}

}
