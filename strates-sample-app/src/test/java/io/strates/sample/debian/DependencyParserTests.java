package io.strates.sample.debian;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DependencyParserTests {

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", value = { //
			"libc6                              => libc6", //
			"libc6,libm                         => libc6; libm", //
			"libc6 (>= 2.36), zlib1g            => libc6 >= 2.36; zlib1g", //
			"libc6(>=2.36)                      => libc6 >= 2.36", //
			"libc6 ( >= 1:2.36-9 )              => libc6 >= 1:2.36-9", //
			"aa (<< 1), ab (<= 1), ac (= 1)     => aa << 1; ab <= 1; ac = 1", //
			"ad (>> 1~)                         => ad >> 1~", //
			"exim4 | mail-transport-agent       => exim4 | mail-transport-agent", //
			"aa (= 1)|bb|cc (<< 2) , dd         => aa = 1 | bb | cc << 2; dd", //
			"python3:any, perl:native           => python3; perl", //
			"python3:any (>= 3.11~), gcc:amd64  => python3 >= 3.11~; gcc", //
			"aa [amd64 !i386], bb (= 1) [armhf] => aa; bb = 1", //
			"aa <!nocheck> <cross stage1> | bb  => aa | bb", //
			"aa:any (>= 1) [amd64] <!nodoc>, bb => aa >= 1; bb" })
	void clausesAndAlternativesAreRead(String written, String read) {
		assertThat(describe(parse(written))).isEqualTo(read);
	}

	@Test
	void clausesKeepTheirType() {
		assertThat(DependencyParser.parse(DependencyType.RECOMMENDS, new Field("Recommends", 1, "aa, bb")))
			.extracting(DependencyClause::type)
			.containsOnly(DependencyType.RECOMMENDS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n" })
	void emptyFieldHasNoClauses(String written) {
		assertThat(parse(written)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", value = { //
			"aa, , bb     => a name is missing", //
			"aa,          => a name is missing", //
			", aa         => a name is missing", //
			"aa |         => a name is missing", //
			"aa | | bb    => a name is missing", //
			"Aa           => \"Aa\" is not the name of a package", //
			"a_b          => \"a_b\" is not the name of a package", //
			"+aa          => \"+aa\" is not the name of a package", //
			"aa bb        => nothing is expected at \"bb\"", //
			"aa (= 1) cc  => nothing is expected at \"cc\"", //
			"aa:          => an architecture is missing", //
			"aa (1)       => \"\" is not one of << <= = >= >>", //
			"aa (> 1)     => \">\" is not one of << <= = >= >>", //
			"aa (== 1)    => \"==\" is not one of << <= = >= >>", //
			"aa (>=)      => a version is missing", //
			"aa (>= 1     => a closing ) is missing", //
			"aa (>= 1 2)  => a closing ) is missing", //
			"aa (>= 1_2)  => \"1_2\" is not a version: it has the character '_'", //
			"aa [amd64    => a closing ] is missing", //
			"aa <nodoc    => a closing > is missing" })
	void whatIsNoClauseIsRefusedWithTheReason(String written, String reason) {
		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(() -> parse(written))
			.withMessageStartingWith("line 5: the clause \"")
			.withMessageEndingWith("\" of Depends cannot be read: " + reason);
	}

	@Test
	void faultInAFoldedFieldNamesItsOwnLineAndClause() {
		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(() -> parse("aa,\n bb (>= 1),\n cc (~ 1), dd"))
			.withMessage(
					"line 7: the clause \"cc (~ 1)\" of Depends cannot be read: " + "\"\" is not one of << <= = >= >>");
	}

	private static List<DependencyClause> parse(String written) {
		return DependencyParser.parse(DependencyType.DEPENDS, new Field("Depends", 5, written));
	}

	private static String describe(List<DependencyClause> clauses) {
		return clauses.stream()
			.map((clause) -> clause.alternatives()
				.stream()
				.map(DependencyParserTests::describe)
				.collect(Collectors.joining(" | ")))
			.collect(Collectors.joining("; "));
	}

	private static String describe(Alternative alternative) {
		Alternative.Constraint constraint = alternative.constraint();
		return alternative.name()
				+ ((constraint != null) ? " " + constraint.relation().symbol() + " " + constraint.version() : "");
	}

}
