package io.strates.sample.debian;

/**
 * A version {@code [epoch:]upstream[-revision]}, ordered as Debian Policy 5.6.12 says.
 *
 * <p>
 * As with {@link java.math.BigDecimal}, the order is not consistent with equals:
 * {@code 1.0}, {@code 0:1.0} and {@code 1.0-0} are different texts of the same place in
 * the order.
 *
 * @param text the version as written
 */
public record DebianVersion(String text) implements Comparable<DebianVersion> {

	/**
	 * Checks the text.
	 * @throws IllegalArgumentException if the text is not a version; the message says why
	 */
	public DebianVersion {
		int colon = text.indexOf(':');
		int dash = text.lastIndexOf('-');
		if (colon >= 0 && !isDigits(text, 0, colon)) {
			throw invalid(text, "its epoch is not a number");
		}
		if (dash >= 0 && dash < colon) {
			throw invalid(text, "its epoch is not a number");
		}
		int upstreamEnd = (dash < 0) ? text.length() : dash;
		if (colon + 1 == upstreamEnd) {
			throw invalid(text, "its upstream part is empty");
		}
		if (dash == text.length() - 1) {
			throw invalid(text, "its revision is empty");
		}
		if (!isDigit(text.charAt(colon + 1))) {
			throw invalid(text, "its upstream part does not start with a digit");
		}
		check(text, colon + 1, upstreamEnd, (colon < 0) ? ".+-~" : ".+-~:");
		check(text, upstreamEnd + 1, text.length(), ".+~");
	}

	@Override
	public int compareTo(DebianVersion other) {
		if (this.text.equals(other.text)) {
			return 0;
		}
		int epochs = compareDigits(this.text, 0, epochEnd(), other.text, 0, other.epochEnd());
		if (epochs != 0) {
			return epochs;
		}
		int upstreams = compareParts(this.text, upstreamStart(), upstreamEnd(), other.text, other.upstreamStart(),
				other.upstreamEnd());
		if (upstreams != 0) {
			return upstreams;
		}
		return compareParts(this.text, revisionStart(), this.text.length(), other.text, other.revisionStart(),
				other.text.length());
	}

	private int epochEnd() {
		return Math.max(0, this.text.indexOf(':'));
	}

	private int upstreamStart() {
		return this.text.indexOf(':') + 1;
	}

	private int upstreamEnd() {
		int dash = this.text.lastIndexOf('-');
		return (dash < 0) ? this.text.length() : dash;
	}

	private int revisionStart() {
		return Math.min(upstreamEnd() + 1, this.text.length());
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * Compares stretches without digits and stretches of digits in turn, from the left.
	 */
	private static int compareParts(String a, int aStart, int aEnd, String b, int bStart, int bEnd) {
		int i = aStart;
		int j = bStart;
		while (i < aEnd || j < bEnd) {
			while ((i < aEnd && !isDigit(a.charAt(i))) || (j < bEnd && !isDigit(b.charAt(j)))) {
				int difference = weight(a, i, aEnd) - weight(b, j, bEnd);
				if (difference != 0) {
					return difference;
				}
				i++;
				j++;
			}
			int iEnd = endOfDigits(a, i, aEnd);
			int jEnd = endOfDigits(b, j, bEnd);
			int difference = compareDigits(a, i, iEnd, b, j, jEnd);
			if (difference != 0) {
				return difference;
			}
			i = iEnd;
			j = jEnd;
		}
		return 0;
	}

	/**
	 * Where a character sorts: a tilde before the end, the end before letters, letters
	 * before the rest.
	 */
	private static int weight(String text, int index, int end) {
		if (index >= end || isDigit(text.charAt(index))) {
			return 0;
		}
		char character = text.charAt(index);
		if (character == '~') {
			return -1;
		}
		return isLetter(character) ? character : character + 256;
	}

	/** Compares numbers of any length, of which none at all counts as zero. */
	private static int compareDigits(String a, int aStart, int aEnd, String b, int bStart, int bEnd) {
		int i = skipZeros(a, aStart, aEnd);
		int j = skipZeros(b, bStart, bEnd);
		int lengths = (aEnd - i) - (bEnd - j);
		if (lengths != 0) {
			return lengths;
		}
		for (; i < aEnd; i++, j++) {
			int difference = a.charAt(i) - b.charAt(j);
			if (difference != 0) {
				return difference;
			}
		}
		return 0;
	}

	private static int skipZeros(String text, int start, int end) {
		int index = start;
		while (index < end && text.charAt(index) == '0') {
			index++;
		}
		return index;
	}

	private static int endOfDigits(String text, int start, int end) {
		int index = start;
		while (index < end && isDigit(text.charAt(index))) {
			index++;
		}
		return index;
	}

	private static boolean isDigits(String text, int start, int end) {
		return start < end && endOfDigits(text, start, end) == end;
	}

	private static void check(String text, int start, int end, String punctuation) {
		for (int i = start; i < end; i++) {
			char character = text.charAt(i);
			if (!isDigit(character) && !isLetter(character) && punctuation.indexOf(character) < 0) {
				throw invalid(text, "it has the character '%c'".formatted(character));
			}
		}
	}

	private static boolean isDigit(char character) {
		return character >= '0' && character <= '9';
	}

	private static boolean isLetter(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
	}

	private static IllegalArgumentException invalid(String text, String reason) {
		return new IllegalArgumentException("\"%s\" is not a version: %s".formatted(text, reason));
	}

}
