package io.strates.sample;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.test.context.ContextConfiguration;

/**
 * Runs the whole sample on a real port, with real servers and without any data. All
 * classes that bear it share one context: each test uses a suite of its own.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = SampleApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "sample.import-on-start=false", "sample.upload.max-size=200KB", "sample.views-interval=24h",
				"strates.gc.schedule=off", "spring.jpa.properties.hibernate.generate_statistics=true",
				"logging.level.org.hibernate.session.metrics=off" })
@ContextConfiguration(initializers = SampleTest.Initializer.class)
@interface SampleTest {

	/** Leads to the servers. */
	class Initializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

		@Override
		public void initialize(ConfigurableApplicationContext context) {
			TestPropertyValues.of(Servers.properties()).applyTo(context);
		}

	}

}
