package io.strates.sample.debian;

/**
 * The rule for names of packages (Debian Policy 5.6.7).
 */
final class PackageNames {

	private PackageNames() {
	}

	static boolean isValid(String name) {
		if (name.length() < 2 || name.length() > PackageEntry.MAX_NAME || !isLetterOrDigit(name.charAt(0))) {
			return false;
		}
		return name.chars().allMatch((character) -> isLetterOrDigit(character) || "+-.".indexOf(character) >= 0);
	}

	private static boolean isLetterOrDigit(int character) {
		return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
	}

}
