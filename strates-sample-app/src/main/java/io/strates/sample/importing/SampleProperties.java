package io.strates.sample.importing;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the sample.
 *
 * @param importOnStart Whether to import the catalogue into a database that has none.
 * @param suite Name of the suite that is imported at the start.
 * @param main Location of the package index that becomes its first release.
 * @param updates Location of the package index that is laid over it as its second
 * release; none if empty.
 * @param viewsInterval Interval at which a node adds the views that it counted to those
 * of all nodes.
 * @param upload Limits of uploads
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("true") boolean importOnStart, @DefaultValue("bookworm") String suite,
		@DefaultValue("classpath:debian-12/2026-07-11-main.packages.gz") String main,
		@DefaultValue("classpath:debian-12/2026-11-19-updates.packages.gz") String updates,
		@DefaultValue("500ms") Duration viewsInterval, @DefaultValue Upload upload) {

	/**
	 * Limits of uploads.
	 *
	 * @param maxSize Largest body of an upload, as it comes over the wire.
	 * @param parallel Number of imports that run at a time; others wait.
	 */
	record Upload(@DefaultValue("512MB") DataSize maxSize, @DefaultValue("2") int parallel) {
	}

}
