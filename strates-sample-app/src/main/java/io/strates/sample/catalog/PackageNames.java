package io.strates.sample.catalog;

import io.strates.sample.suite.StateReader;
import io.strates.sample.web.NotFoundException;

import org.springframework.stereotype.Component;

/**
 * The names of the packages of live states.
 */
@Component
public class PackageNames {

	private final StateReader states;

	PackageNames(StateReader states) {
		this.states = states;
	}

	/**
	 * Returns a name that the live state of a suite has.
	 * @param suite the suite
	 * @param name the name that a request asks for
	 * @return the same name
	 * @throws NotFoundException if the suite has no release, or its live one no such
	 * package
	 */
	public String requireLive(String suite, String name) {
		if (this.states.reads(suite, null).find(PackageDetails.class, name).isEmpty()) {
			throw new NotFoundException("There is no package \"%s\" in the live release of %s".formatted(name, suite));
		}
		return name;
	}

}
