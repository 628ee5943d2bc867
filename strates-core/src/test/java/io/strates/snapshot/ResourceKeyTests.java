package io.strates.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ResourceKeyTests {

	private static final ResourceType<String> CANDLES = type("market", "candles");

	private static final ResourceType<String> LEGACY = CANDLES.normalizedBy(KeyNormalizer.upperCaseSubjects());

	private static ResourceType<String> type(String namespace, String name) {
		return ResourceType.of(namespace, name, String.class);
	}

	private static ResourceType<String> folding(String namespace, String name) {
		return type(namespace, name).normalizedBy(KeyNormalizer.caseInsensitive());
	}

	// A1
	@Test
	void partsAreTrimmedAndKeepTheirCase() {
		ResourceKey<String> key = type(" Tenant-A ", " DocumentId ").key(" /Path/File ");

		assertThat(key.type().namespace()).isEqualTo("Tenant-A");
		assertThat(key.type().name()).isEqualTo("DocumentId");
		assertThat(key.subject()).isEqualTo("/Path/File");
		assertThat(key).isNotEqualTo(type("tenant-a", "documentid").key("/path/file"));
	}

	// A3
	@Test
	void normalizerIsNoPartOfTheIdentity() {
		ResourceKey<String> folded = folding(" Tenant-A ", " DocumentId ").key("/Path/File");
		ResourceKey<String> plain = type("tenant-a", "documentid").key("/path/file");

		assertThat(folded).isEqualTo(plain).hasSameHashCodeAs(plain).isEqualByComparingTo(plain);
		assertThat(folded.type()).isEqualTo(plain.type()).hasSameHashCodeAs(plain.type());
	}

	// A4
	@Test
	void qualifiersAreTextInTheOrderOfTheirNames() {
		Map<String, Object> some = new LinkedHashMap<>();
		some.put("limit", 500);
		some.put("interval", "1m");
		Map<String, Object> other = new LinkedHashMap<>();
		other.put("interval", "1m");
		other.put("limit", "500");

		ResourceKey<String> key = CANDLES.key("BTCUSDT", some);

		assertThat(key).isEqualTo(CANDLES.key("BTCUSDT", other))
			.hasSameHashCodeAs(CANDLES.key("BTCUSDT", other))
			.hasToString("market:candles:BTCUSDT?interval=1m&limit=500");
		assertThat(key.qualifiers()).containsExactly(Map.entry("interval", "1m"), Map.entry("limit", "500"));
	}

	// A6
	@ParameterizedTest
	@CsvSource({ "a b/c, a+b%2Fc", "'', ''", "a&b=c, a%26b%3Dc", "a+b, a%2Bb", "\u00e9, %C3%A9", "a:b, a%3Ab",
			"100%, 100%25", "a?b, a%3Fb", "a-b_c.d, a-b_c.d" })
	void qualifiersAreEncodedAsInAForm(String value, String encoded) {
		assertThat(type("files", "file").key("x", Map.of("path", value))).hasToString("files:file:x?path=" + encoded);
	}

	@Test
	void textLeavesOutWhatIsNotThere() {
		assertThat(CANDLES).hasToString("market:candles");
		assertThat(CANDLES.key()).hasToString("market:candles");
		assertThat(CANDLES.key("BTC")).hasToString("market:candles:BTC");
		assertThat(CANDLES.key("", Map.of("a", 1))).hasToString("market:candles?a=1");
	}

	// A8
	@Test
	void namesOfQualifiersThatAreOneOnceNormalizedAreRefused() {
		Map<String, String> both = Map.of("Interval", "1m", "interval", "5m");

		assertThat(CANDLES.key("BTC", both).qualifiers()).hasSize(2);
		assertThatIllegalArgumentException().isThrownBy(() -> LEGACY.key("BTC", both))
			.withMessage("Qualifier 'interval' of market:candles is given twice, spelled differently; give it once");
	}

	// A9
	@Test
	void qualifiersAreAddedReplacedAndRemovedInOtherKeys() {
		ResourceKey<String> key = CANDLES.key("BTC", Map.of("interval", "1m"));

		ResourceKey<String> with = key.withQualifiers(Map.of("limit", 100, "interval", "5m"));
		ResourceKey<String> without = with.withoutQualifiers("limit", "absent");

		assertThat(key.qualifiers()).containsExactly(Map.entry("interval", "1m"));
		assertThat(with.qualifiers()).containsExactly(Map.entry("interval", "5m"), Map.entry("limit", "100"));
		assertThat(without.qualifiers()).containsExactly(Map.entry("interval", "5m"));
		assertThat(without).isEqualTo(CANDLES.key("BTC", Map.of("interval", "5m")));
		assertThat(without.withoutQualifiers("interval")).isEqualTo(CANDLES.key("BTC"));
	}

	// Z20
	@Test
	void qualifierIsReplacedByItsNormalizedName() {
		ResourceKey<String> key = LEGACY.key("btc", Map.of("interval", "1m"));

		assertThat(key.withQualifiers(Map.of(" INTERVAL ", "5m"))).hasToString("market:candles:BTC?interval=5m");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> key.withQualifiers(Map.of("INTERVAL", "5m", "interval", "6m")))
			.withMessageContaining("is given twice");
	}

	// A11
	@Test
	void qualifierIsFoundByAnySpellingOfItsName() {
		ResourceKey<String> key = LEGACY.key("btc", Map.of("interval", "1m"));

		assertThat(key.qualifier(" Interval ")).isEqualTo("1m");
		assertThat(key.withoutQualifiers("INTERVAL").qualifiers()).isEmpty();
		assertThat(CANDLES.key("btc", Map.of("interval", "1m")).qualifier("Interval")).isNull();
		assertThat(key.qualifier("x")).isNull();
	}

	// A12
	@Test
	void keysAreInTheOrderOfTheirParts() {
		ResourceKey<String> ba = type("b", "a").key();
		ResourceKey<String> ac = type("a", "c").key();
		ResourceKey<String> abx = type("a", "b").key("x");
		ResourceKey<String> ab = type("a", "b").key();

		assertThat(Stream.of(ba, ac, abx, ab).sorted()).containsExactly(ab, abx, ac, ba);
	}

	@Test
	void keysOfOneSubjectAreInTheOrderOfTheirQualifiers() {
		ResourceKey<String> none = CANDLES.key("x");
		ResourceKey<String> a1 = CANDLES.key("x", Map.of("a", 1));
		ResourceKey<String> a1b1 = CANDLES.key("x", Map.of("a", 1, "b", 1));
		ResourceKey<String> a2 = CANDLES.key("x", Map.of("a", 2));
		ResourceKey<String> b0 = CANDLES.key("x", Map.of("b", 0));
		List<ResourceKey<String>> keys = new ArrayList<>(List.of(b0, a2, a1b1, a1, none));

		Collections.sort(keys);

		assertThat(keys).containsExactly(none, a1, a1b1, a2, b0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t\n" })
	void blankNamesAreRefused(String blank) {
		assertThatIllegalArgumentException().isThrownBy(() -> type(blank, "name"))
			.withMessage("The namespace of a resource type is blank; name it");
		assertThatIllegalArgumentException().isThrownBy(() -> type("namespace", blank))
			.withMessage("The name of a resource type is blank; name it");
		assertThatIllegalArgumentException().isThrownBy(() -> CANDLES.key("x", Map.of(blank, 1)))
			.withMessage("A qualifier of market:candles has a blank name; name it");
	}

	@Test
	void typeWhoseNameIsBlankOnceNormalizedIsRefused() {
		KeyNormalizer trimming = KeyNormalizer.trimming();
		KeyNormalizer own = new KeyNormalizer(trimming.namespace(), (name) -> "", trimming.subject(),
				trimming.qualifierName(), trimming.qualifierValue());

		assertThatIllegalArgumentException().isThrownBy(() -> CANDLES.normalizedBy(own));
	}

	@Test
	void subjectsAndValuesMayBeEmpty() {
		assertThat(CANDLES.key("  ")).isEqualTo(CANDLES.key());
		assertThat(CANDLES.key("", Map.of("a", " ")).qualifier("a")).isEmpty();
	}

	@Test
	void qualifierThatIsNullIsRefused() {
		Map<String, Object> qualifiers = new HashMap<>();
		qualifiers.put("limit", null);

		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> CANDLES.key("x", qualifiers))
			.withMessage("Qualifier 'limit' of market:candles is null; leave it out");
	}

	@Test
	void laterChangesOfTheGivenMapDoNotReachTheKey() {
		Map<String, Object> qualifiers = new TreeMap<>(Map.of("limit", 1));
		ResourceKey<String> key = CANDLES.key("x", qualifiers);

		qualifiers.put("limit", 2);

		assertThat(key).hasToString("market:candles:x?limit=1");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> key.qualifiers().put("limit", "2"));
	}

	@Test
	void keysThatShareATextAreNotEqual() {
		ResourceKey<String> left = type("a", "b").key("c:d");
		ResourceKey<String> right = type("a", "b:c").key("d");

		assertThat(left).hasToString(right.toString()).isNotEqualTo(right);
		assertThat(left.compareTo(right)).isNotZero();
	}

	@Test
	void keyOfAnotherPartIsNotEqual() {
		ResourceKey<String> key = CANDLES.key("x", Map.of("a", 1));

		assertThat(key).isNotEqualTo(type("other", "candles").key("x", Map.of("a", 1)))
			.isNotEqualTo(type("market", "other").key("x", Map.of("a", 1)))
			.isNotEqualTo(CANDLES.key("y", Map.of("a", 1)))
			.isNotEqualTo(CANDLES.key("x", Map.of("b", 1)))
			.isNotEqualTo(CANDLES.key("x", Map.of("a", 2)))
			.isNotEqualTo(CANDLES.key("x"))
			.isNotEqualTo("market:candles:x?a=1");
	}

	// 120 cases: 5 namespaces, 4 subjects, 2 qualifiers, 3 normalisers
	@ParameterizedTest
	@MethodSource("spellings")
	void spellingsOfOneKeyAreEqualAndOthersAreNot(KeyNormalizer normalizer, String namespace, String subject,
			Map<String, ?> qualifiers) {
		ResourceType<String> type = type(namespace, "Price").normalizedBy(normalizer);
		Map<String, String> spaced = new HashMap<>();
		qualifiers.forEach((name, value) -> spaced.put("  " + name + "\t", " " + value + " "));
		ResourceKey<String> key = type.key(subject, qualifiers);

		ResourceKey<String> same = type(" " + namespace + "\n", "\tPrice ").normalizedBy(normalizer)
			.key("  " + subject + " ", spaced);
		ResourceKey<String> again = type(key.type().namespace(), key.type().name()).key(key.subject(),
				key.qualifiers());

		assertThat(same).isEqualTo(key).hasSameHashCodeAs(key).hasToString(key.toString()).isEqualByComparingTo(key);
		assertThat(again).isEqualTo(key).hasSameHashCodeAs(key).hasToString(key.toString()).isEqualByComparingTo(key);
		assertThat(key.withQualifiers(Map.of("other", 1))).isNotEqualTo(key).isGreaterThan(key);
		assertThat(type.key(subject + "x", qualifiers)).isNotEqualTo(key).isGreaterThan(key);
		assertThat(type(namespace, "Pricf").normalizedBy(normalizer).key(subject, qualifiers)).isNotEqualTo(key)
			.isGreaterThan(key);
	}

	static Stream<Arguments> spellings() {
		List<KeyNormalizer> normalizers = List.of(KeyNormalizer.trimming(), KeyNormalizer.upperCaseSubjects(),
				KeyNormalizer.caseInsensitive());
		List<Map<String, ?>> qualifiers = List.of(Map.of(), Map.of("Interval", "1M", "limit", 500));
		return normalizers.stream()
			.flatMap((normalizer) -> Stream.of("market", "Tenant-A", "a:b", "\u00c9t\u00e9", "x y")
				.flatMap((namespace) -> Stream.of("", "BTC/usd", "/Path/File", "Stra\u00dfe 1")
					.flatMap((subject) -> qualifiers.stream()
						.map((each) -> Arguments.of(normalizer, namespace, subject, each)))));
	}

}
