package io.strates.sample;

import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.strates.build.BuildService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Uploads: what they make of a state, and what becomes of those that are broken.
 */
class ImportIntegrationTests extends SampleIntegrationTest {

	@Autowired
	private BuildService builds;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private TransactionTemplate transaction;

	@LocalServerPort
	private int port;

	@Test
	void fullImportAnswersWithTheRelease() {
		Api.Answer answer = this.api.importFull(this.suite, AA, BB);

		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/1");
		assertThat(answer.body()).startsWith("{\"suite\":\"%s\",\"release\":1,\"buildStrate\":".formatted(this.suite))
			.contains("\"previousStrate\":null,\"kind\":\"RELEASE\",\"restoredRelease\":null,\"reason\":null");
	}

	@Test
	void fullImportReplacesTheState() {
		this.api.importFull(this.suite, AA, BB);
		Api.Answer answer = this.api.importFull(this.suite, stanza("cc", "1"));

		assertThat(answer.number("/release")).isEqualTo(2);
		assertThat(names()).containsExactly("cc");
	}

	@Test
	void highestVersionOfANameWins() {
		this.api.importFull(this.suite, stanza("aa", "1.9"), stanza("aa", "1.10", "Section: libs\n"),
				stanza("aa", "1.2"));

		Api.Answer answer = this.api.get(path("/packages/aa"));

		assertThat(answer.text("/version")).isEqualTo("1.10");
		assertThat(answer.text("/section")).isEqualTo("libs");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/gzip", "application/octet-stream", "application/x-www-form-urlencoded",
			"text/plain" })
	void gzipIsRecognisedWhateverItIsCalled(String type) {
		Api.Answer answer = this.api.post(path("/builds?mode=full"), Api.gzip(AA + "\n" + BB), "Content-Type", type);

		assertThat(answer.status()).isEqualTo(201);
		assertThat(names()).containsExactly("aa", "bb");
	}

	@Test
	void plainIndexThatClaimsToBeAFormIsReadWhole() {
		Api.Answer answer = this.api.post(path("/builds?mode=full"), AA + "\n" + BB, "Content-Type",
				"application/x-www-form-urlencoded");

		assertThat(answer.status()).isEqualTo(201);
		assertThat(names()).containsExactly("aa", "bb");
	}

	@Test
	void overlayTakesWhatIsNewOrNewerOnly() {
		this.api.importFull(this.suite, stanza("equal", "1.0", "Section: old\n"), stanza("newer", "1.0"),
				stanza("older", "2.0"), stanza("same-place", "1.0-0"), stanza("untouched", "1"));

		Api.Answer answer = this.api.importOverlay(this.suite, stanza("equal", "1.0", "Section: new\n"),
				stanza("newer", "1.0+deb12u1"), stanza("older", "2.0~rc1"), stanza("same-place", "0:1.0"),
				stanza("added", "1"), stanza("added", "3"), stanza("added", "2"));

		assertThat(answer.status()).isEqualTo(201);
		assertThat(answer.number("/release")).isEqualTo(2);
		assertThat(this.api.get(path("/packages")).texts("/content", "version")).containsExactly("3", "1.0",
				"1.0+deb12u1", "2.0", "1.0-0", "1");
		assertThat(this.api.get(path("/packages/equal")).text("/section")).isEqualTo("old");
		assertThat(this.api.get(path("/diff?from=1&to=2")).body()).isEqualTo("""
				{"added":["added"],"removed":[],"changed":[{"name":"newer","from":"1.0","to":"1.0+deb12u1"}]}""");
	}

	@Test
	void overlayKeepsDependenciesAndTagsOfWhatStaysAndReplacesThoseOfWhatGoes() {
		this.api.importFull(this.suite,
				stanza("stays", "1", "Depends: goes (>= 1) | virtual, other\nTag: a::kept, b::kept\nRecommends: x1\n"),
				stanza("goes", "1", "Depends: stays\nTag: a::old, b::kept\n"));

		this.api.importOverlay(this.suite, stanza("goes", "2", "Depends: other\nTag: a::new\n"), stanza("other", "1"));

		Api.Answer stays = this.api.get(path("/packages/stays"));
		assertThat(stays.json().at("/dependencies").toString()).isEqualTo("""
				[{"type":"depends","alternatives":[{"name":"goes","relation":">=","version":"1","known":true},\
				{"name":"virtual","relation":null,"version":null,"known":false}]},\
				{"type":"depends","alternatives":[{"name":"other","relation":null,"version":null,"known":true}]},\
				{"type":"recommends","alternatives":[{"name":"x1","relation":null,"version":null,"known":false}]}]""");
		assertThat(stays.texts("/tags", "")).containsExactly("a::kept", "b::kept");
		assertThat(this.api.get(path("/packages/goes")).texts("/tags", "")).containsExactly("a::new");
		assertThat(this.api.get(path("/packages/stays/dependents")).body()).isEqualTo("[]");
		assertThat(this.api.get(path("/packages/stays/dependents?release=1")).texts()).containsExactly("goes");
		assertThat(rows("Tag")).isEqualTo(3);
		assertThat(rows("Dependency")).isEqualTo(5);
	}

	@Test
	void overlayMovesAPackageToAnotherSectionAndDropsWhatNobodyRefersTo() {
		this.api.importFull(this.suite, stanza("aa", "1", "Section: old\nMaintainer: Old <o@example.org>\n"),
				stanza("bb", "1", "Section: libs\nMaintainer: B <b@example.org>\n"));

		this.api.importOverlay(this.suite, stanza("aa", "2", "Section: libs\nMaintainer: New <n@example.org>\n"));

		assertThat(this.api.get(path("/packages?section=libs")).texts("/content", "name")).containsExactly("aa", "bb");
		assertThat(this.api.get(path("/packages?section=old")).number("/page/totalElements")).isZero();
		assertThat(this.api.get(path("/packages/aa")).text("/maintainer")).isEqualTo("New <n@example.org>");
		assertThat(this.api.get(path("/packages/bb")).text("/maintainer")).isEqualTo("B <b@example.org>");
		assertThat(rows("Section")).isEqualTo(1);
		assertThat(rows("Maintainer")).isEqualTo(2);
	}

	@Test
	void overlayMakesAVirtualNameReal() {
		this.api.importFull(this.suite, BB);
		this.api.importOverlay(this.suite, stanza("virtual", "1"));

		assertThat(this.api.get(path("/packages/bb?release=1")).json().at("/dependencies/1/alternatives/0/known"))
			.hasToString("false");
		assertThat(this.api.get(path("/packages/bb")).json().at("/dependencies/1/alternatives/0/known"))
			.hasToString("true");
	}

	@Test
	void overlayThatHasNothingNewerIsAReleaseOfTheSameState() {
		this.api.importFull(this.suite, AA, BB);

		Api.Answer answer = this.api.importOverlay(this.suite, stanza("aa", "0.1"));

		assertThat(answer.number("/release")).isEqualTo(2);
		assertThat(this.api.get(path("/diff?from=1&to=2")).body())
			.isEqualTo("{\"added\":[],\"removed\":[],\"changed\":[]}");
	}

	@Test
	void overlayOnNothingIsNotFound() {
		Api.Answer answer = this.api.importOverlay(this.suite, AA);

		assertThat(answer.status()).isEqualTo(404);
		assertThat(this.builds.list("catalog", this.suite)).isEmpty();
	}

	@Test
	void brokenIndexNamesTheLineAndChangesNothing() {
		String live = this.api.importFull(this.suite, AA).text("/buildStrate");

		Api.Answer answer = this.api.importFull(this.suite, AA, "Package: bb\nVersion: 1\nArchitecture all\n");

		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.number("/line")).isEqualTo(9);
		assertThat(answer.text("/detail")).startsWith("Line 9 of the index: a field without a colon");
		assertThat(this.api.get(path("/packages/aa")).text("/buildStrate")).isEqualTo(live);
		assertThat(this.api.get(path("/builds")).text("/0/status")).isEqualTo("FAILED");
		assertThat(this.api.get(path("/builds")).text("/0/failure")).contains("line 9: a field without a colon");
		assertThat(this.api.get(path("/releases")).json().size()).isEqualTo(1);
	}

	@Test
	void brokenOverlayChangesNothing() {
		this.api.importFull(this.suite, AA);

		Api.Answer answer = this.api.importOverlay(this.suite, stanza("aa", "not a version"));

		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.number("/line")).isEqualTo(2);
		assertThat(names()).containsExactly("aa");
	}

	@Test
	void brokenFirstImportLeavesASuiteWithoutRelease() {
		assertThat(this.api.importFull(this.suite, "\n").status()).isEqualTo(422);

		assertThat(this.api.get(path("/packages")).status()).isEqualTo(404);
		assertThat(this.api.get(path("/releases")).body()).isEqualTo("[]");
		assertThat(this.api.get(path("/builds")).texts("", "status")).containsExactly("FAILED");
	}

	@Test
	void hugeLineIsRefusedWithItsNumber() {
		String huge = stanza("aa", "1", "Description: " + "x".repeat(150_000) + "\n");

		Api.Answer answer = this.api.importFull(this.suite, huge);

		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.number("/line")).isEqualTo(4);
	}

	@Test
	void gzipThatIsCutShortIsRefused() {
		byte[] whole = Api.gzip(AA + "\n" + BB);

		Api.Answer answer = this.api.post(path("/builds?mode=full"), Arrays.copyOf(whole, whole.length - 4));

		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.text("/detail")).contains("the gzip data ends before it is complete");
	}

	@Test
	void uploadThatBreaksOffLeavesNothing() throws Exception {
		try (Socket socket = new Socket("localhost", this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write(
					"POST /api/suites/%s/builds?mode=full HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n%s"
						.formatted(this.suite, AA)
						.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			socket.shutdownOutput();
			// Ends when the server has given up.
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.doesNotContain("201");
		}

		assertThat(this.builds.list("catalog", this.suite)).isEmpty();
	}

	@Test
	void uploadBeyondTheLimitIsRefused() {
		Api.Answer answer = this.api.post(path("/builds?mode=full"), "x".repeat(201 * 1024));

		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.text("/detail")).isEqualTo("The upload is larger than 204,800 bytes");
		assertThat(this.builds.list("catalog", this.suite)).isEmpty();
	}

	@Test
	void ofTwoImportsAtATimeOneLoses() throws Exception {
		this.api.importFull(this.suite, AA);
		String index = String.join("\n",
				IntStream.range(0, 1_500).mapToObj((i) -> stanza("package" + i, "1", "Depends: aa, bb\n")).toList());
		List<CompletableFuture<Api.Answer>> both = new ArrayList<>();

		// Nobody can move the pointer, until both have begun.
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.sql("select scope_id from released_strates where scope_id = ? for update")
				.param(this.suite)
				.query(String.class)
				.single();
			for (int i = 0; i < 2; i++) {
				both.add(CompletableFuture.supplyAsync(() -> this.api.importFull(this.suite, index)));
			}
			await().atMost(Duration.ofSeconds(60)).until(() -> this.builds.list("catalog", this.suite).size() == 3);
		});

		List<Api.Answer> answers = both.stream().map(CompletableFuture::join).toList();
		assertThat(answers).extracting(Api.Answer::status).containsExactlyInAnyOrder(201, 409);
		Api.Answer lost = answers.stream().filter((answer) -> answer.status() == 409).findFirst().orElseThrow();
		assertThat(lost.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(lost.text("/detail")).startsWith("Release 2 came first");
		assertThat(this.api.get(path("/releases")).json().size()).isEqualTo(2);
		assertThat(this.api.get(path("/packages")).number("/page/totalElements")).isEqualTo(1_500);
	}

	private List<String> names() {
		return this.api.get(path("/packages")).texts("/content", "name");
	}

	private long rows(String entity) {
		return this.api.get(path("/builds")).number("/0/rows/" + entity);
	}

}
