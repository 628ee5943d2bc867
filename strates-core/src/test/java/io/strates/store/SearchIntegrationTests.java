package io.strates.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.domain.Example;
import org.springframework.data.domain.ExampleMatcher;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Searches over 150 rows: g000 to g149, whose score is their number modulo 10. */
class SearchIntegrationTests {

	private static final int ROWS = 150;

	private static StoreNode node;

	private static StoreNode other;

	private static TieredStore<Gadget, String> gadgets;

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		SharedMemory memory = new SharedMemory();
		node = StoreNode.on(database).entities(Gadget.class).tier(memory.newNode()).build();
		other = StoreNode.on(database).entities(Gadget.class).tier(memory.newNode()).build();
		node.stores.add(Gadget.class);
		other.stores.add(Gadget.class);
		gadgets = node.stores.store(Gadget.class, String.class);
		node.jdbc
			.sql("insert into gadget (id, name, owner, score) select 'g' || lpad(n::text, 3, '0'), 'name ' || n,"
					+ " case when n % 2 = 0 then 'even' end, n % 10 from generate_series(0, 149) n")
			.update();
		insert("x1", "a b", "c");
		insert("x2", "a", "b c");
		insert("x3", "O'Brien \"; drop table gadget; --", "quoted");
		insert("x4", "1", "null");
	}

	@AfterAll
	static void stop() {
		node.close();
		other.close();
	}

	@BeforeEach
	void forget() {
		gadgets.invalidateAll();
		node.sql();
		other.sql();
	}

	private static void insert(String id, String name, String owner) {
		node.jdbc.sql("insert into gadget (id, name, owner, score) values (?, ?, ?, 100)")
			.params(id, name, owner)
			.update();
	}

	private static List<String> ids(List<Gadget> found) {
		return found.stream().map((gadget) -> String.valueOf(gadget.id)).toList();
	}

	private static Specification<Gadget> scored(int score) {
		return (root, query, builder) -> builder.equal(root.get("score"), score);
	}

	@Test
	void searchFindsHundredRowsUnlessItSaysOtherwise() {
		Search<Gadget> generated = Search.matching("e.score < 10", Map.of());

		assertThat(gadgets.search(generated)).hasSize(100);
		assertThat(gadgets.search(generated.limit(10))).hasSize(10);
		assertThat(gadgets.search(generated.limit(0))).hasSize(100);
		assertThat(gadgets.search(generated.unlimited())).hasSize(ROWS);
		assertThatIllegalArgumentException().isThrownBy(() -> generated.limit(-1)).withMessageContaining("unlimited");
		assertThatIllegalArgumentException().isThrownBy(() -> generated.offset(-1));
	}

	@Test
	void searchKeepsOrderAndPage() {
		List<String> expected = node.jdbc
			.sql("select id from gadget where score = 3 order by name desc limit 5 offset 2")
			.query(String.class)
			.list();
		Sort byName = Sort.by(Sort.Order.desc("name"));

		assertThat(ids(gadgets.search(Search.where(scored(3)).sort(byName).limit(5).offset(2)))).isEqualTo(expected);
		assertThat(ids(gadgets
			.search(Search.<Gadget>matching("e.score = :score", Map.of("score", 3)).sort(byName).limit(5).offset(2))))
			.isEqualTo(expected);
		assertThat(ids(gadgets.search(Search
			.<Gadget>query("select g from Gadget g where g.score = :score order by g.name desc", Map.of("score", 3))
			.limit(5)
			.offset(2)))).isEqualTo(expected);
	}

	@Test
	void searchByExampleFindsWhatIsLikeIt() {
		Gadget probe = new Gadget();
		probe.name = "name 77";

		List<Gadget> found = gadgets
			.search(Search.like(Example.of(probe, ExampleMatcher.matching().withIgnorePaths("score"))));

		assertThat(ids(found)).containsExactly("g077");
	}

	@Test
	void searchForSomeFieldsFillsThemOnlyAndLeavesCachesAlone() {
		Search<Gadget> search = Search.where(scored(4)).fields("score").sort(Sort.by("id")).limit(2);

		List<Gadget> found = gadgets.search(search);

		assertThat(ids(found)).containsExactly("g004", "g014");
		assertThat(found).allSatisfy((gadget) -> {
			assertThat(gadget.score).isEqualTo(4);
			assertThat(gadget.owner).isNull();
		});
		node.sql();
		assertThat(gadgets.get("g004").owner).isEqualTo("even");
		assertThat(node.sql()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "id; drop table gadget", "(select version())", "unknown", "id desc, name", "" })
	void searchThatNamesNoAttributeIsRefusedBeforeAnyStatement(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> gadgets.search(Search.<Gadget>all().fields(name)))
			.withMessageContaining("no attribute");
		if (!name.isEmpty()) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> gadgets.search(Search.<Gadget>all().sort(Sort.by(name))))
				.withMessageContaining("no attribute");
		}

		assertThat(node.sql()).isEmpty();
		assertThat(gadgets.count(Search.all())).isGreaterThan(ROWS);
	}

	@Test
	void valuesAreBoundAsTheyAre() {
		String name = "O'Brien \"; drop table gadget; --";

		assertThat(ids(gadgets.search(Search.matching("e.name = :name", Map.of("name", name))))).containsExactly("x3");
	}

	@Test
	void searchWithWrongTextIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> gadgets.search(Search.matching("e.nothing = 1", Map.of())));
	}

	@Test
	void countIgnoresLimitAndOffset() {
		assertThat(gadgets.count(Search.where(scored(5)))).isEqualTo(15);
		assertThat(gadgets.count(Search.where(scored(5)).limit(2).offset(1).sort(Sort.by("name")))).isEqualTo(15);
		assertThat(gadgets.count(Search.matching("e.score = :score", Map.of("score", 5)))).isEqualTo(15);
		assertThat(gadgets.count(Search.all())).isEqualTo(ROWS + 4);
	}

	@Test
	void sameCachedSearchRunsOnce() {
		Search<Gadget> search = Search.named("scored", Map.of("score", 6), scored(6));

		List<Gadget> first = gadgets.searchCached(search);

		assertThat(first).hasSize(15);
		assertThat(node.sql()).hasSize(1);
		assertThat(ids(gadgets.searchCached(search))).isEqualTo(ids(first));
		assertThat(node.sql()).isEmpty();
	}

	@Test
	void cachedSearchesWithOtherArgumentsFindOtherRows() {
		assertThat(named("a b", "c")).containsExactly("x1");
		assertThat(named("a", "b c")).containsExactly("x2");
		assertThat(named("1", "null")).containsExactly("x4");
		assertThat(named("1", null)).isEmpty();
		assertThat(in(List.of("a b", "a"))).containsExactly("x1", "x2");
		assertThat(in(List.of("a b"))).containsExactly("x1");
		assertThat(in(List.of("a b,a"))).isEmpty();
	}

	private List<String> named(String name, @Nullable String owner) {
		Map<String, @Nullable Object> arguments = new HashMap<>();
		arguments.put("name", name);
		arguments.put("owner", owner);
		return ids(gadgets.searchCached(Search.matching("e.name = :name and e.owner = :owner", arguments)));
	}

	private List<String> in(List<String> names) {
		return ids(gadgets
			.searchCached(Search.<Gadget>matching("e.name in (:names)", Map.of("names", names)).sort(Sort.by("id"))));
	}

	@Test
	void cachedSearchWithoutNameIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> gadgets.searchCached(Search.where(scored(1))))
			.withMessageContaining("Search.named");
		assertThatIllegalArgumentException().isThrownBy(
				() -> gadgets.searchCached(Search.named("scored", Map.of("score", new StringBuilder("1")), scored(1))))
			.withMessageContaining("StringBuilder");
	}

	@Test
	void cachedSearchIsForgottenWithAllEntitiesOnAnotherNode() {
		Search<Gadget> search = Search.named("scored", Map.of("score", 7), scored(7));
		assertThat(gadgets.searchCached(search)).hasSize(15);
		node.sql();

		other.stores.store(Gadget.class, String.class).invalidateAll();

		assertThat(gadgets.searchCached(search)).hasSize(15);
		assertThat(node.sql()).hasSize(1);
	}

	@Test
	void callersCannotChangeACachedSearch() {
		Search<Gadget> search = Search.named("scored", Map.of("score", 8), scored(8));
		List<Gadget> found = gadgets.searchCached(search);
		found.get(0).name = "changed";

		assertThat(gadgets.searchCached(search)).noneMatch((gadget) -> gadget.name.equals("changed"));
		assertThat(gadgets.search(search)).hasSize(15);
	}

	@Test
	void searchGoesToTheDatabaseAlways() {
		Search<Gadget> search = Search.named("renamed", Map.of(),
				(root, query, builder) -> builder.equal(root.get("id"), "x1"));
		assertThat(gadgets.searchCached(search)).extracting(Gadget::getName).containsExactly("a b");
		node.jdbc.sql("update gadget set name = 'a  b' where id = 'x1'").update();
		node.sql();

		assertThat(gadgets.search(search)).extracting(Gadget::getName).containsExactly("a  b");

		assertThat(node.sql()).hasSize(1);
		node.jdbc.sql("update gadget set name = 'a b' where id = 'x1'").update();
	}

	@Test
	void warmingReadsPagesIntoTheTiers() {
		assertThat(gadgets.warm(10)).isEqualTo(10);
		assertThat(node.sql()).hasSize(1);
		gadgets.getAll(Arrays.asList("g000", "g005", "g009"));
		assertThat(node.sql()).isEmpty();
		node.jdbc
			.sql("insert into gadget (id, name, score) select 'w' || lpad(n::text, 5, '0'), 'w', 200"
					+ " from generate_series(0, 2499) n")
			.update();

		assertThat(gadgets.warm(0)).isEqualTo(ROWS + 4 + 2_500);

		assertThat(node.sql()).hasSize(3);
		assertThat(gadgets.get("w02499").name).isEqualTo("w");
		assertThat(node.sql()).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> gadgets.warm(-1));
		node.jdbc.sql("delete from gadget where score = 200").update();
	}

	@Test
	void searchesDifferByEachOfTheirParts() {
		Search<Gadget> search = Search.matching("e.name = :name", Map.of("name", "a"));
		List<Search<Gadget>> all = List.of(search, search.limit(1), search.offset(1), search.fields("name"),
				search.fields("id", "name"), search.sort(Sort.by("name")), search.sort(Sort.by("name").descending()),
				search.unlimited(), Search.matching("e.name = :name", Map.of("name", 1)),
				Search.matching("e.name = :name", Map.of("name", "1")),
				Search.matching("e.name = :name", Map.of("name", 1L)),
				Search.matching("e.name = :name", Collections.singletonMap("name", null)),
				Search.matching("e.name = :name", Map.of("name", "null")),
				Search.matching("e.name = :name", Map.of("name", List.of("a"))),
				Search.matching("e.name = :name", Map.of("name", List.of(List.of("a")))),
				Search.query("e.name = :name", Map.of("name", "a")), Search.all());

		assertThat(all.stream().map((each) -> SearchDigest.of(each, "layout")).distinct()).hasSize(all.size());
		assertThat(SearchDigest.of(search, "layout")).hasSize(64)
			.isEqualTo(SearchDigest.of(Search.matching("e.name = :name", Map.of("name", "a")), "layout"))
			.isNotEqualTo(SearchDigest.of(search, "another layout"));
	}

}
