package io.strates.sample.debian;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

class DebianVersionTests {

	@ParameterizedTest
	@CsvSource({ //
			"1.0,             1.1", //
			"1.9,             1.10", //
			"1.2,             1.2.1", //
			"1.2.3,           1.2.3-1", //
			"1.2.3-4,         1.2.3-5", //
			"1.2.3-9,         1.2.3-10", //
			"1.2.3-1,         1.2.3-1.1", //
			"1.2.3-1,         1.2.3-1+b1", //
			"1.0~beta1~svn1,  1.0~beta1", //
			"1.0~beta1,       1.0", //
			"1.0~~,           1.0~~a", //
			"1.0~~a,          1.0~", //
			"1.0~,            1.0", //
			"1.0,             1.0a", //
			"1.0-1~bpo12+1,   1.0-1", //
			"1.0-1,           1.0-1+deb12u1", //
			"1.0a,            1.0b", //
			"1.0Z,            1.0a", //
			"1.0z,            1.0+", //
			"1.0+,            1.0.", //
			"1.0a,            1.0.1", //
			"1.0a,            1.0+1", //
			"1.0-1,           1.0.1-1", //
			"1.0-1,           1.0+git1-1", //
			"9.9-9,           1:0-1", //
			"1:9-1,           2:0-1", //
			"9:1,             10:1", //
			"0:1-0a,          0:1-1", //
			"0.0.1,           0.1", //
			"1-1,             1-1-1", //
			"1.0.99999999999999999998, 1.0.99999999999999999999", //
			"1.0.99999999999999999999, 1.0.100000000000000000000", //
			"18446744073709551615,     18446744073709551616", //
			"2:9.0.1378-2,             2:9.0.1378-2+deb12u1", //
			"22.01+dfsg-8,             22.01+really26.02+dfsg-0+deb12u1", //
			"1.18.0~rc1,               1.18.0", //
			"0.9.6+20040422+dfsg-1,    0.9.6+20040423-1" })
	void laterVersionsSortAfterEarlierOnes(String earlier, String later) {
		assertThat(new DebianVersion(earlier)).isLessThan(new DebianVersion(later));
		assertThat(new DebianVersion(later)).isGreaterThan(new DebianVersion(earlier));
	}

	@ParameterizedTest
	@CsvSource({ //
			"1.0,       1.0", //
			"0:1.0,     1.0", //
			"000:1.0,   1.0", //
			"1.0-0,     1.0", //
			"1.0-00,    1.0-0", //
			"1.0,       1.00", //
			"1.,        1.0", //
			"1.0a,      1.0a0", //
			"1.0-a,     1.0-a0", //
			"001:1,     1:01", //
			"1~,        1~0" })
	void partsThatAreAbsentCountAsZero(String one, String other) {
		assertThat(new DebianVersion(one)).isEqualByComparingTo(new DebianVersion(other));
		assertThat(new DebianVersion(other)).isEqualByComparingTo(new DebianVersion(one));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { //
			"``,         its upstream part is empty", //
			"`:1`,       its epoch is not a number", //
			"`a:1`,      its epoch is not a number", //
			"`-1:1`,     its epoch is not a number", //
			"`1-2:3`,    its epoch is not a number", //
			"`1:`,       its upstream part is empty", //
			"`1:-1`,     its upstream part is empty", //
			"`-1`,       its upstream part is empty", //
			"`a`,          its upstream part does not start with a digit", //
			"`1:~1`,      its upstream part does not start with a digit", //
			"`unknown-1`, its upstream part does not start with a digit", //
			"`1.0-`,     its revision is empty", //
			"`1_0`,      it has the character '_'", //
			"`1 0`,      it has the character ' '", //
			"`1.0-1_2`,  it has the character '_'", //
			"`1.0\u00e4`, it has the character '\u00e4'", //
			"`1\u0661`,  it has the character '\u0661'", //
			"`1:1-1:2`,  it has the character ':'" })
	void whatIsNotAVersionIsRefusedWithTheReason(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> new DebianVersion(text))
			.withMessage("\"%s\" is not a version: %s", text, reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "1:2:3-4", "1.0-1-2", "0~", "1-a", "20040101", "1.0~rc1+dfsg.2-3~bpo11+1" })
	void whatPolicyAllowsIsAVersion(String text) {
		assertThat(new DebianVersion(text)).hasToString(text);
	}

	@Test
	void versionsOfDebian12AreTotallyOrdered() throws Exception {
		List<DebianVersion> versions = Debian12.distinctVersions();
		long seed = 20261121;
		Random random = new Random(seed);

		for (int i = 0; i < 300_000; i++) {
			DebianVersion a = versions.get(random.nextInt(versions.size()));
			DebianVersion b = versions.get(random.nextInt(versions.size()));
			DebianVersion c = versions.get(random.nextInt(versions.size()));
			if (!isAntisymmetric(a, b) || !isTransitive(a, b, c)) {
				fail("%s, %s and %s are not in order, seed %d", a, b, c, seed);
			}
		}
	}

	private static boolean isAntisymmetric(DebianVersion a, DebianVersion b) {
		return Integer.signum(a.compareTo(b)) == -Integer.signum(b.compareTo(a));
	}

	/**
	 * Whoever precedes or equals whoever precedes or equals, precedes or equals too;
	 * equals are exchangeable.
	 */
	private static boolean isTransitive(DebianVersion a, DebianVersion b, DebianVersion c) {
		if (a.compareTo(b) == 0) {
			return Integer.signum(a.compareTo(c)) == Integer.signum(b.compareTo(c));
		}
		if (b.compareTo(c) == 0) {
			return Integer.signum(a.compareTo(b)) == Integer.signum(a.compareTo(c));
		}
		return Integer.signum(a.compareTo(b)) != Integer.signum(b.compareTo(c))
				|| Integer.signum(a.compareTo(c)) == Integer.signum(a.compareTo(b));
	}

	@Test
	void versionsOfDebian12SortTheSameFromAnyShuffle() throws Exception {
		List<DebianVersion> versions = new ArrayList<>(Debian12.distinctVersions());
		long seed = 12;
		List<DebianVersion> shuffled = new ArrayList<>(versions);
		Collections.shuffle(shuffled, new Random(seed));

		versions.sort(Comparator.naturalOrder());
		shuffled.sort(Comparator.naturalOrder());

		for (int i = 0; i < versions.size(); i++) {
			assertThat(versions.get(i)).as("place %d, seed %d", i, seed).isEqualByComparingTo(shuffled.get(i));
		}
	}

}
