package io.strates.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What clients get instead of an answer: problem details, and nothing else.
 */
class ProblemIntegrationTests extends SampleIntegrationTest {

	@Autowired
	private JdbcClient jdbc;

	@ParameterizedTest
	@ValueSource(strings = { "/packages", "/packages/aa", "/packages/aa/dependents", "/builds", "/releases",
			"/diff?from=1&to=2", "/packages?release=1" })
	void unknownSuiteIsNotFound(String path) {
		assertProblem(this.api.get(path(path)), 404, path);
		assertProblem(this.api.get("/NOT%20A%20SUITE" + path), 404, path);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "/packages/nobody; There is no package \"nobody\" in release 1 of",
					"/packages/%C3%A4; There is no package", "/packages?release=2; Release 2 of",
					"/packages/aa?release=0; Release 0 of", "/packages/aa/dependents?release=-1; Release -1 of",
					"/builds?release=7; Release 7 of", "/releases?release=7; Release 7 of",
					"/nothing; There is nothing at /api/suites/" })
	void whatIsNotThereIsNotFound(String path, String detail) {
		this.api.importFull(this.suite, AA);

		Api.Answer answer = this.api.get(path(path));

		assertProblem(answer, 404, path);
		assertThat(answer.text("/detail")).startsWith(detail);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/packages?size=0", "/packages?size=501", "/packages?size=-1", "/packages?page=-1",
			"/packages?page=x", "/packages?size=1e3", "/packages?page=2000000000&size=500",
			"/packages?page=99999999999", "/packages?release=first", "/packages/aa?release=1.5",
			"/packages/aa?release=99999999999999999999", "/packages?q=%00", "/packages?section=%00",
			"/packages?tag=%00", "/builds?release=x", "/releases?release=x" })
	void badParametersAreRefused(String path) {
		this.api.importFull(this.suite, AA);

		assertProblem(this.api.get(path(path)), 400, path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?mode=", "?mode=half", "?mode=FULL", "?mo" })
	void importWithoutAModeIsRefused(String query) {
		assertProblem(this.api.post(path("/builds" + query), AA), 400, query);
	}

	@Test
	void importThatLacksSomethingIsToldWhat() {
		assertThat(this.api.post(path("/builds"), AA).text("/detail"))
			.isEqualTo("Parameter mode is missing; use full or overlay");
		assertThat(this.api.post(path("/builds?mode=half"), AA).text("/detail"))
			.isEqualTo("Parameter mode is \"half\"; use full or overlay");

		Api.Answer empty = this.api.post(path("/builds?mode=full"), "");

		assertProblem(empty, 422, "empty");
		assertThat(empty.text("/detail")).startsWith("The body is empty; send a package index of Debian");
		assertProblem(this.api.get(path("/builds")), 404, "no build was opened");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			value = { "{\"to\":1,; The body is broken JSON at line 1, column ",
					"{\"to\":\"one\"}; \"to\" has a value of the wrong type", "[1]; The body is no JSON object",
					"``; The body is no JSON object" })
	void rollbackThatCannotBeReadIsToldWhatToSend(String body, String fault) {
		this.api.importFull(this.suite, AA);

		Api.Answer answer = this.api.post(path("/rollback"), body, "Content-Type", "application/json");

		assertProblem(answer, 400, body);
		assertThat(answer.text("/detail")).startsWith(fault)
			.endsWith("; send such as {\"to\":1,\"reason\":\"wrong versions\"}");
	}

	@Test
	void rollbackOfAnotherMediaTypeIsToldWhichToSend() {
		this.api.importFull(this.suite, AA);

		assertThat(this.api.post(path("/rollback"), "to=1", "Content-Type", "application/x-www-form-urlencoded")
			.text("/detail"))
			.isEqualTo("Content-Type \"application/x-www-form-urlencoded\" is not supported; send application/json");
		assertThat(this.api.post(path("/rollback"), "{\"to\":1}").text("/detail"))
			.isEqualTo("Content-Type is missing or no media type; send application/json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Upper", "-x", "a%20b", "a%2Bb%20" })
	void importIntoWhatCannotBeASuiteIsRefused(String name) {
		assertProblem(this.api.post("/" + name + "/builds?mode=full", AA), 400, name);
	}

	@ParameterizedTest
	@CsvSource({ "DELETE, /packages", "PUT, /builds", "GET, /rollback", "POST, /packages/aa" })
	void otherMethodsAreNotAllowed(String method, String path) {
		assertProblem(this.api.send(method, path(path)), 405, path);
	}

	@Test
	void otherMediaTypesAreRefused() {
		this.api.importFull(this.suite, AA);

		assertProblem(
				this.api.post(path("/builds?mode=full"), "--x--", "Content-Type", "multipart/form-data; boundary=x"),
				415, "multipart");
		assertProblem(this.api.post(path("/builds?mode=full"), "{}", "Content-Type", "application/json"), 415, "JSON");
		assertProblem(this.api.post(path("/rollback"), "to=1", "Content-Type", "application/x-www-form-urlencoded"),
				415, "form");
		assertProblem(this.api.get(path("/packages"), "Accept", "application/xml"), 406, "XML");
	}

	@Test
	void releaseWhoseRowsAreGoneIsNotFound() {
		String first = this.api.importFull(this.suite, AA).text("/buildStrate");
		this.api.importFull(this.suite, BB);
		this.jdbc.sql("update stratified_build set status = 'COLLECTED' where build_strate = cast(? as uuid)")
			.param(first)
			.update();

		assertProblem(this.api.get(path("/packages?release=1")), 404, "packages");
		assertProblem(this.api.get(path("/packages/aa?release=1")), 404, "package");
		assertProblem(this.api.get(path("/diff?from=1&to=2")), 404, "difference");
		assertThat(this.api.get(path("/releases")).texts("", "release")).containsExactly("2", "1");
		assertProblem(
				this.api.post(path("/rollback"), "{\"to\":1,\"reason\":\"r\"}", "Content-Type", "application/json"),
				409, "rollback");
	}

	@Test
	void unexpectedFailureTellsNothing() {
		this.api.importFull(this.suite, AA);
		this.jdbc.sql("alter table package_tag rename to hidden").update();
		try {
			Api.Answer answer = this.api.get(path("/packages/aa"));

			assertProblem(answer, 500, "broken");
			assertThat(answer.text("/detail")).isEqualTo("Something went wrong that is not the fault of the request");
		}
		finally {
			this.jdbc.sql("alter table hidden rename to package_tag").update();
		}
	}

	private static void assertProblem(Api.Answer answer, int status, String description) {
		assertThat(answer.status()).as(description + ": " + answer.body()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).as(description).isEqualTo("application/problem+json");
		assertThat(answer.number("/status")).as(description).isEqualTo(status);
		assertThat(answer.body()).as(description).doesNotContain("Exception", "at io.strates", "org.", "select ");
		assertThat(answer.header("ETag")).as(description).isEmpty();
	}

}
