package io.strates.sample;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.sql.DataSource;

import io.strates.sample.view.ViewCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Notes on packages, and how often these were looked at. */
class WatchIntegrationTests extends SampleIntegrationTest {

	@Autowired
	private ViewCounter views;

	@Autowired
	private DataSource dataSource;

	@BeforeEach
	void release() {
		this.api.importFull(this.suite, AA, BB);
	}

	private Api.Answer put(String name, String note) {
		return this.api.sendOther("PUT", watch(name), "{\"note\":\"" + note + "\"}");
	}

	private Api.Answer get(String name) {
		return this.api.getOther(watch(name));
	}

	private String watch(String name) {
		return "/api/watches/" + this.suite + "/" + name;
	}

	private Api.Answer list() {
		return this.api.getOther("/api/watches/" + this.suite);
	}

	@Test
	void noteIsCreatedChangedAndRemoved() {
		assertThat(get("aa").status()).isEqualTo(404);
		Instant before = Instant.now().minusSeconds(60);

		Api.Answer created = put("aa", "look at this");
		Api.Answer changed = put("aa", "and at that");

		assertThat(created.status()).isEqualTo(201);
		assertThat(changed.status()).isEqualTo(200);
		assertThat(get("aa").text("/note")).isEqualTo("and at that");
		assertThat(Instant.parse(get("aa").text("/changedAt"))).isAfter(before);
		assertThat(get("aa").body()).startsWith("{\"suite\":\"%s\",\"name\":\"aa\",\"note\":".formatted(this.suite));
		assertThat(this.api.sendOther("DELETE", watch("aa"), "").status()).isEqualTo(204);
		assertThat(get("aa").status()).isEqualTo(404);
		assertThat(this.api.sendOther("DELETE", watch("aa"), "").status()).isEqualTo(404);
	}

	@Test
	void listFollowsEachWrite() {
		assertThat(list().texts()).isEmpty();

		put("bb", "second");
		put("aa", "first");
		assertThat(list().texts("", "name")).containsExactly("aa", "bb");
		assertThat(list().texts("", "name")).containsExactly("aa", "bb");
		put("aa", "changed");

		assertThat(list().texts("", "note")).containsExactly("changed", "second");
		this.api.sendOther("DELETE", watch("bb"), "");
		assertThat(list().texts("", "name")).containsExactly("aa");
	}

	@Test
	void viewsOfAPackageAreAddedUp() {
		put("aa", "popular");
		for (int i = 0; i < 3; i++) {
			this.api.get(path("/packages/aa"));
		}

		this.views.addUp();
		assertThat(get("aa").number("/views")).isEqualTo(3);
		this.api.get(path("/packages/aa"));
		this.views.addUp();
		assertThat(list().number("/0/views")).isEqualTo(4);
	}

	@Test
	void viewsAreShownBeforeTheyAreInTheDatabase() throws SQLException {
		put("aa", "popular");
		try (Connection connection = this.dataSource.getConnection();
				Statement locking = connection.createStatement()) {
			connection.setAutoCommit(false);
			locking.execute("lock table package_views in exclusive mode");
			this.api.get(path("/packages/aa"));
			this.api.get(path("/packages/aa"));

			this.views.addUp();

			assertThat(get("aa").number("/views")).isEqualTo(2);
			assertThat(viewsInTheDatabase()).isEmpty();
			connection.rollback();
		}
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(viewsInTheDatabase()).containsExactly(2L));
	}

	private List<Long> viewsInTheDatabase() {
		return JdbcClient.create(this.dataSource)
			.sql("select views from package_views where id = ?")
			.param(this.suite + "/aa")
			.query(Long.class)
			.list();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			value = { "{\"note\":\"\"}; \"note\" is missing or too long; give 1 to 2000 characters",
					"{}; \"note\" is missing or too long", "{\"note\":\"a\\u0000b\"}; \"note\" is missing or too long",
					"{\"note\":[]}; \"note\" has a value of the wrong type",
					"{\"note\":; The body is broken JSON at line 1", "7; The body is no JSON object" })
	void noteThatIsNoneIsRefused(String body, String detail) {
		Api.Answer answer = this.api.sendOther("PUT", watch("aa"), body);

		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.text("/detail")).startsWith(detail.replaceAll(";.*", ""));
		assertThat(get("aa").status()).isEqualTo(404);
	}

	@Test
	void onlyPackagesOfTheLiveStateAreWatched() {
		Api.Answer answer = put("nobody", "who is it?");

		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.text("/detail"))
			.isEqualTo("There is no package \"nobody\" in the live release of " + this.suite);
		assertThat(this.api.sendOther("PUT", "/api/watches/NOBODY/aa", "{\"note\":\"x\"}").text("/detail"))
			.isEqualTo("There is no suite \"NOBODY\"");
		assertThat(this.api.getOther("/api/watches/NOBODY").status()).isEqualTo(404);
	}

	@Test
	void operatorIsToldWhyANoteIsAnsweredAsItIs() {
		put("aa", "explained");

		Api.Answer explained = this.api.getOther("/actuator/stratestiers/watch/" + this.suite + "/aa");

		assertThat(explained.status()).isEqualTo(200);
		assertThat(explained.text("/answer")).isEqualTo("L1 answers");
	}

}
