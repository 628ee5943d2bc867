package io.strates.sample.catalog;

import io.strates.query.ReadModel;
import io.strates.sample.suite.Suites;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is read from memory once it was made from a build. */
@Configuration(proxyBeanMethods = false)
class ReadModelConfiguration {

	@Bean
	ReadModel<String, PackageDetails> packageDetails(PackageRepository packages, DependencyRepository dependencies,
			PackageTagRepository tags) {
		return ReadModel.of(PackageDetails.class, String.class, Suites.SCOPE,
				new PackageDetailsLoader(packages, dependencies, tags));
	}

}
