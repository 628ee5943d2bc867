package io.strates.sample.debian;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TagParserTests {

	@Test
	void tagsAreDividedByCommasOverLines() {
		assertThat(parse("game::strategy, interface::graphical,\n role::program,\n devel::lang:TODO"))
			.containsExactly("game::strategy", "interface::graphical", "role::program", "devel::lang:TODO");
	}

	@Test
	void tagNamedTwiceCountsOnce() {
		assertThat(parse("role::program, use::viewing, role::program")).containsExactly("role::program",
				"use::viewing");
	}

	@Test
	void braceListNamesOneTagForEachOfItsWords() {
		assertThat(parse("implemented-in::{c,c++}, role::program, use::{ viewing,\n editing }")).containsExactly(
				"implemented-in::c", "implemented-in::c++", "role::program", "use::viewing", "use::editing");
	}

	@Test
	void emptyFieldHasNoTags() {
		assertThat(parse("")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a::b, c d", "a::b,", "a::b,,c::d", "a::{b", "a::{b,}", "a::{}", "a::{b} c::d" })
	void whatIsNotAListOfTagsIsRefused(String written) {
		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(() -> parse(written))
			.withMessageStartingWith("line 3: ");
	}

	@Test
	void faultInAFoldedFieldNamesItsOwnLine() {
		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(() -> parse("a::b,\n c d"))
			.withMessage("line 4: \"c d\" is not a tag");
	}

	private static List<String> parse(String written) {
		return TagParser.parse(new Field("Tag", 3, written));
	}

}
