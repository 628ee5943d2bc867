package io.strates.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Builds, releases, differences and rollback.
 */
class HistoryIntegrationTests extends SampleIntegrationTest {

	@Test
	void buildsAreListedWithStatusAndRowCounts() {
		String first = this.api.importFull(this.suite, AA, BB).text("/buildStrate");
		this.api.importFull(this.suite, "rubbish");

		Api.Answer answer = this.api.get(path("/builds"));

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.texts("", "status")).containsExactly("FAILED", "RELEASED");
		assertThat(answer.text("/0/failure")).contains("line 1");
		assertThat(answer.text("/1/buildStrate")).isEqualTo(first);
		assertThat(answer.json().at("/1/rows").toString()).isEqualTo("""
				{"DebianPackage":2,"Dependency":3,"Maintainer":1,"PackageTag":0,"Section":1,"Suite":1,"Tag":0}""");
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/1");
	}

	@Test
	void releasesAreLogged() {
		String first = this.api.importFull(this.suite, AA).text("/buildStrate");
		String second = this.api.importFull(this.suite, BB).text("/buildStrate");
		this.api.post(path("/rollback"), "{\"to\":1,\"reason\":\"too early\"}", "Content-Type", "application/json");

		Api.Answer answer = this.api.get(path("/releases"));

		assertThat(answer.texts("", "release")).containsExactly("3", "2", "1");
		assertThat(answer.texts("", "buildStrate")).containsExactly(first, second, first);
		assertThat(answer.texts("", "kind")).containsExactly("ROLLBACK", "RELEASE", "RELEASE");
		assertThat(answer.text("/0/reason")).isEqualTo("too early");
		assertThat(answer.number("/0/restoredRelease")).isEqualTo(1);
		assertThat(this.api.get(path("/releases?release=1")).texts("", "release")).containsExactly("1");
		assertThat(this.api.get(path("/builds?release=1")).texts("", "buildStrate")).containsExactly(first);
	}

	@ParameterizedTest
	@CsvSource({ "/builds", "/releases" })
	void historyIsNotSentAgainUntilItGrows(String path) {
		this.api.importFull(this.suite, AA);
		String tag = this.api.get(path(path)).header("ETag");

		assertThat(this.api.get(path(path), "If-None-Match", tag).status()).isEqualTo(304);
		this.api.importFull(this.suite, BB);
		assertThat(this.api.get(path(path), "If-None-Match", tag).status()).isEqualTo(200);
	}

	@Test
	void rollbackMakesAnEarlierStateLive() {
		String first = this.api.importFull(this.suite, stanza("aa", "1")).text("/buildStrate");
		this.api.importFull(this.suite, stanza("aa", "2"));

		Api.Answer answer = this.api.post(path("/rollback"), "{\"to\":1,\"reason\":\"2 is broken\"}", "Content-Type",
				"application/json");

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.number("/release")).isEqualTo(3);
		assertThat(answer.text("/buildStrate")).isEqualTo(first);
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/3");
		Api.Answer live = this.api.get(path("/packages/aa"));
		assertThat(live.text("/version")).isEqualTo("1");
		assertThat(live.number("/release")).isEqualTo(3);
		assertThat(live.header("ETag")).isEqualTo('"' + first + '"');
		assertThat(this.api.get(path("/packages/aa?release=2")).text("/version")).isEqualTo("2");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "{\"to\":9,\"reason\":\"r\"}; 404", "{\"to\":0,\"reason\":\"r\"}; 404", "{\"reason\":\"r\"}; 400",
					"{\"to\":1}; 400", "{\"to\":1,\"reason\":\" \"}; 400", "{\"to\":\"one\",\"reason\":\"r\"}; 400",
					"{\"to\":1.5,\"reason\":\"r\"}; 400", "{; 400", "''; 400" })
	void rollbackThatCannotBeIsRefused(String body, int status) {
		this.api.importFull(this.suite, AA);

		Api.Answer answer = this.api.post(path("/rollback"), body, "Content-Type", "application/json");

		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void differenceTellsVersionsSortedByName() {
		String first = this.api
			.importFull(this.suite, stanza("aa", "1"), stanza("bb", "1"), stanza("cc", "1"), stanza("dd", "1"),
					stanza("ee", "1", "Section: libs\n"))
			.text("/buildStrate");
		String second = this.api
			.importFull(this.suite, stanza("bb", "2"), stanza("cc", "1"), stanza("a2", "1"), stanza("a1", "1"),
					stanza("aa", "1.1"), stanza("ee", "1", "Section: games\n"))
			.text("/buildStrate");

		Api.Answer answer = this.api.get(path("/diff?from=1&to=2"));

		assertThat(answer.body()).isEqualTo("""
				{"added":["a1","a2"],"removed":["dd"],"changed":[{"name":"aa","from":"1","to":"1.1"},\
				{"name":"bb","from":"1","to":"2"},{"name":"ee","from":"1","to":"1"}]}""");
		assertThat(answer.header("ETag")).isEqualTo('"' + second + '"');
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/2");
		assertThat(this.api.get(path("/diff?from=1&to=2"), "If-None-Match", '"' + second + '"').status())
			.isEqualTo(304);
		Api.Answer back = this.api.get(path("/diff?from=2&to=1"));
		assertThat(back.texts("/added", "")).containsExactly("dd");
		assertThat(back.texts("/removed", "")).containsExactly("a1", "a2");
		assertThat(back.header("ETag")).isEqualTo('"' + first + '"');
	}

	@Test
	void differenceOfAReleaseAndItselfIsEmpty() {
		this.api.importFull(this.suite, AA);

		assertThat(this.api.get(path("/diff?from=1&to=1")).body())
			.isEqualTo("{\"added\":[],\"removed\":[],\"changed\":[]}");
	}

	@ParameterizedTest
	@CsvSource({ "from=1&to=2, 404", "from=9&to=1, 404", "from=1, 400", "to=1, 400", "from=x&to=1, 400" })
	void differenceOfWhatIsNotThereIsRefused(String query, int status) {
		this.api.importFull(this.suite, AA);

		assertThat(this.api.get(path("/diff?" + query)).status()).isEqualTo(status);
	}

}
