package io.strates.sample;

import java.util.List;

import jakarta.persistence.EntityManagerFactory;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Packages, searches, dependents and suites, as clients read them.
 */
class ReadingIntegrationTests extends SampleIntegrationTest {

	@Autowired
	private EntityManagerFactory entityManagerFactory;

	@Test
	void suitesAreListedWithTheirLiveReleases() {
		Api.Answer imported = this.api.importFull(this.suite, AA, BB);

		Api.Answer answer = this.api.get("");

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).contains("""
				{"suite":"%s","release":1,"buildStrate":"%s","releasedAt":"%s","packages":2}""".formatted(this.suite,
				imported.text("/buildStrate"), imported.text("/releasedAt")));
	}

	@Test
	void suitesAreNotSentAgainUntilOneOfThemChanges() {
		this.api.importFull(this.suite, AA);
		String tag = this.api.get("").header("ETag");

		assertThat(this.api.get("", "If-None-Match", tag).status()).isEqualTo(304);
		this.api.importFull(this.suite, AA, BB);
		assertThat(this.api.get("", "If-None-Match", tag).status()).isEqualTo(200);
	}

	@Test
	void packageIsToldInTheDocumentedOrderOfFields() {
		Api.Answer imported = this.api.importFull(this.suite, AA, """
				Package: zz
				Version: 2:1.0-1
				Installed-Size: 42
				Maintainer: Z Team <z@example.org>
				Architecture: amd64
				Depends: aa (>= 1.0) | virtual, aa
				Pre-Depends: bb
				Recommends: aa (<< 2)
				Description: Something
				Homepage: https://example.org/
				Tag: role::program, game::strategy
				Section: games
				Priority: optional
				""");

		Api.Answer answer = this.api.get(path("/packages/zz"));

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
		assertThat(answer.body()).isEqualTo("""
				{"name":"zz","version":"2:1.0-1","architecture":"amd64","section":"games","priority":"optional",\
				"maintainer":"Z Team <z@example.org>","installedSize":42,"description":"Something",\
				"homepage":"https://example.org/","tags":["game::strategy","role::program"],"dependencies":[\
				{"type":"depends","alternatives":[{"name":"aa","relation":">=","version":"1.0","known":true},\
				{"name":"virtual","relation":null,"version":null,"known":false}]},\
				{"type":"depends","alternatives":[{"name":"aa","relation":null,"version":null,"known":true}]},\
				{"type":"pre-depends","alternatives":[{"name":"bb","relation":null,"version":null,"known":false}]},\
				{"type":"recommends","alternatives":[{"name":"aa","relation":"<<","version":"2","known":true}]}],\
				"release":1,"buildStrate":"%s"}""".formatted(imported.text("/buildStrate")));
	}

	@Test
	void whatTheIndexLeavesOutIsNullOrEmpty() {
		this.api.importFull(this.suite, stanza("aa", "1"));

		Api.Answer answer = this.api.get(path("/packages/aa"));

		assertThat(answer.body()).startsWith("""
				{"name":"aa","version":"1","architecture":"all","section":null,"priority":null,"maintainer":null,\
				"installedSize":null,"description":null,"homepage":null,"tags":[],"dependencies":[],"release":1""");
	}

	@Test
	void packageTakesFourStatementsHoweverManyDependenciesItHas() {
		StringBuilder depends = new StringBuilder("Depends: aa");
		for (int i = 0; i < 50; i++) {
			depends.append(", p").append(i).append(" | virtual").append(i);
		}
		this.api.importFull(this.suite, AA, stanza("zz", "1", depends + "\nTag: a::b, c::d\nSection: libs\n"));
		long before = statements();

		Api.Answer answer = this.api.get(path("/packages/zz"));

		assertThat(answer.json().at("/dependencies").size()).isEqualTo(51);
		assertThat(statements() - before).isEqualTo(4);
	}

	@Test
	void packageThatWasReadBeforeTakesNoStatement() {
		this.api.importFull(this.suite, AA, BB);
		Api.Answer first = this.api.get(path("/packages/bb"));
		long before = statements();

		Api.Answer again = this.api.get(path("/packages/bb"));
		Api.Answer known = this.api.get(path("/packages/bb"), "If-None-Match", first.header("ETag"));

		assertThat(again.body()).isEqualTo(first.body());
		assertThat(known.status()).isEqualTo(304);
		assertThat(statements() - before).isZero();
	}

	@Test
	void packageThatWasReadBeforeARollbackHasTheNumberOfTheNewRelease() {
		this.api.importFull(this.suite, AA, BB);
		this.api.get(path("/packages/bb"));
		this.api.importFull(this.suite, AA);
		assertThat(this.api.get(path("/packages/bb")).status()).isEqualTo(404);

		this.api.post(path("/rollback"), "{\"to\":1,\"reason\":\"test\"}", "Content-Type", "application/json");

		Api.Answer answer = this.api.get(path("/packages/bb"));
		assertThat(answer.json().path("release").asLong()).isEqualTo(3);
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/3");
	}

	@Test
	void listTakesTwoStatements() {
		this.api.importFull(this.suite, AA, BB, stanza("cc", "1", "Section: games\n"), stanza("dd", "1"));
		long before = statements();

		Api.Answer answer = this.api.get(path("/packages?size=3"));

		assertThat(answer.texts("/content", "name")).containsExactly("aa", "bb", "cc");
		assertThat(answer.texts("/content", "section")).containsExactly("libs", "libs", "games");
		assertThat(statements() - before).isEqualTo(2);
	}

	private long statements() {
		Statistics statistics = this.entityManagerFactory.unwrap(SessionFactory.class).getStatistics();
		return statistics.getPrepareStatementCount();
	}

	@ParameterizedTest
	@CsvSource({ "g++, g++", "g%2B%2B, g++", "libstdc++6, libstdc++6", "libstdc%2B%2B6, libstdc++6", "0ad, 0ad",
			"python3.11-minimal, python3.11-minimal", "a.json, a.json" })
	void namesAreFoundPlainAndEncoded(String path, String name) {
		this.api.importFull(this.suite, stanza("g++", "1"), stanza("libstdc++6", "1"), stanza("0ad", "1"),
				stanza("python3.11-minimal", "1"), stanza("a.json", "1"), stanza("zz", "1", "Depends: " + name + "\n"));

		assertThat(this.api.get(path("/packages/" + path)).text("/name")).isEqualTo(name);
		assertThat(this.api.get(path("/packages/" + path + "/dependents")).texts()).containsExactly("zz");
	}

	@Test
	void pagesAreSpringDatas() {
		this.api.importFull(this.suite, AA, BB, stanza("cc", "1"), stanza("dd", "1"), stanza("ee", "1"));

		Api.Answer answer = this.api.get(path("/packages?page=1&size=2"));

		assertThat(answer.body()).isEqualTo(
				"""
						{"content":[{"name":"cc","version":"1","architecture":"all","section":null,"priority":null,"description":null},\
						{"name":"dd","version":"1","architecture":"all","section":null,"priority":null,"description":null}],\
						"page":{"size":2,"number":1,"totalElements":5,"totalPages":3}}""");
	}

	@Test
	void pageBeyondTheLastIsEmpty() {
		this.api.importFull(this.suite, AA);

		Api.Answer answer = this.api.get(path("/packages?page=7"));

		assertThat(answer.json().at("/content").size()).isZero();
		assertThat(answer.number("/page/totalElements")).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "section=games, 0ad", "section=games&tag=role::data, ''", "tag=role::program, 0ad bb",
			"q=STRATEGY, 0ad", "q=BB, bb", "q=100%25, bb", "q=%25, bb", "q=_, cc", "q=%5C, cc", "q=g%2B%2B, g++",
			"q=program&section=libs, bb", "q=nothing, ''", "q=, 0ad bb cc g++", "section=%20&tag=&q=, 0ad bb cc g++",
			"section=unknown, ''", "q=%C3%89T%C3%89, cc" })
	void searchesNarrowTheList(String query, String found) {
		this.api.importFull(this.suite,
				stanza("0ad", "1",
						"Section: games\nTag: role::program, game::strategy\nDescription: Real-time Strategy\n"),
				stanza("bb", "1", "Section: libs\nTag: role::program\nDescription: A program, 100% pure\n"),
				stanza("cc", "1", "Description: with_underline and \\ and été\n"), stanza("g++", "1"));

		Api.Answer answer = this.api.get(path("/packages?" + query));

		assertThat(String.join(" ", answer.texts("/content", "name"))).isEqualTo(found);
	}

	@Test
	void namesSortByTheirCharacters() {
		this.api.importFull(this.suite, stanza("ab", "1"), stanza("a-c", "1"), stanza("a1", "1"), stanza("a+", "1"),
				stanza("a.x", "1"), stanza("aa", "1"));

		Api.Answer answer = this.api.get(path("/packages"));

		assertThat(answer.texts("/content", "name")).containsExactly("a+", "a-c", "a.x", "a1", "aa", "ab");
	}

	@Test
	void dependentsNeedThePackageAndSortByName() {
		this.api.importFull(this.suite, AA, stanza("zz", "1", "Depends: aa, aa (>= 1)\n"),
				stanza("cc", "1", "Pre-Depends: virtual | aa\n"), stanza("dd", "1", "Recommends: aa\n"), BB);

		assertThat(this.api.get(path("/packages/aa/dependents")).body()).isEqualTo("[\"bb\",\"cc\",\"zz\"]");
		assertThat(this.api.get(path("/packages/virtual/dependents")).body()).isEqualTo("[\"bb\",\"cc\"]");
		assertThat(this.api.get(path("/packages/zz/dependents")).body()).isEqualTo("[]");
		assertThat(this.api.get(path("/packages/nobody/dependents")).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/packages/aa", "/packages", "/packages/aa/dependents", "/packages?q=a" })
	void readsNameTheirBuildAndRelease(String path) {
		String buildStrate = this.api.importFull(this.suite, AA, BB).text("/buildStrate");

		Api.Answer answer = this.api.get(path(path));

		assertThat(answer.header("ETag")).isEqualTo('"' + buildStrate + '"');
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/1");
		assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "\"%s\"; 304", "W/\"%s\"; 304", "\"other\", \"%s\"; 304", "*; 304", "\"other\"; 200", "%s; 200" })
	void conditionsAreJudgedByTheBuild(String condition, int status) {
		String buildStrate = this.api.importFull(this.suite, AA).text("/buildStrate");

		Api.Answer answer = this.api.get(path("/packages/aa"), "If-None-Match", condition.formatted(buildStrate));

		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.header("ETag")).isEqualTo('"' + buildStrate + '"');
		assertThat(answer.header("Strates-Release")).isEqualTo(this.suite + "/1");
		assertThat(answer.body().isEmpty()).isEqualTo(status == 304);
	}

	@Test
	void conditionOnAnEarlierBuildIsNotMet() {
		String tag = '"' + this.api.importFull(this.suite, AA).text("/buildStrate") + '"';
		this.api.importFull(this.suite, AA, BB);

		assertThat(this.api.get(path("/packages/aa"), "If-None-Match", tag).status()).isEqualTo(200);
		assertThat(this.api.get(path("/packages/aa?release=1"), "If-None-Match", tag).status()).isEqualTo(304);
	}

	@Test
	void conditionDoesNotHideThatAPackageIsNotThere() {
		this.api.importFull(this.suite, AA);

		assertThat(this.api.get(path("/packages/nobody"), "If-None-Match", "*").status()).isEqualTo(404);
	}

	@Test
	void earlierReleasesCanStillBeRead() {
		this.api.importFull(this.suite, stanza("aa", "1"), BB);
		this.api.importFull(this.suite, stanza("aa", "2"), stanza("cc", "1", "Depends: aa\n"));

		Api.Answer then = this.api.get(path("/packages/aa?release=1"));
		Api.Answer now = this.api.get(path("/packages/aa"));

		assertThat(List.of(then.text("/version"), then.number("/release"), then.header("Strates-Release")))
			.isEqualTo(List.of("1", 1L, this.suite + "/1"));
		assertThat(List.of(now.text("/version"), now.number("/release"), now.header("Strates-Release")))
			.isEqualTo(List.of("2", 2L, this.suite + "/2"));
		assertThat(this.api.get(path("/packages?release=1")).texts("/content", "name")).containsExactly("aa", "bb");
		assertThat(this.api.get(path("/packages")).texts("/content", "name")).containsExactly("aa", "cc");
		assertThat(this.api.get(path("/packages/aa/dependents?release=1")).texts()).containsExactly("bb");
		assertThat(this.api.get(path("/packages/aa/dependents")).texts()).containsExactly("cc");
		assertThat(this.api.get(path("/packages/cc?release=1")).status()).isEqualTo(404);
		assertThat(this.api.get("?release=1").body()).contains("\"suite\":\"%s\",\"release\":1".formatted(this.suite));
	}

	@Test
	void suitesAreKeptApart() {
		this.api.importFull(this.suite, stanza("aa", "1"));
		this.api.importFull(this.suite + "-b", stanza("aa", "9"), BB);

		assertThat(this.api.get(path("/packages/aa")).text("/version")).isEqualTo("1");
		assertThat(this.api.get(path("-b/packages/aa")).text("/version")).isEqualTo("9");
		assertThat(this.api.get(path("/packages/bb")).status()).isEqualTo(404);
	}

	@Test
	void pageForPeopleIsServed() {
		Api.Answer answer = this.api.getOther("/");

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).contains("<title>Debian catalogue");
	}

}
