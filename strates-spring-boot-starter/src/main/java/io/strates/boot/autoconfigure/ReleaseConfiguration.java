package io.strates.boot.autoconfigure;

import java.util.List;

import io.strates.build.BuildTable;
import io.strates.entity.StratifiedModel;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseListener;
import io.strates.release.ReleasePreparation;
import io.strates.release.ReleaseService;
import io.strates.release.ReleaseTable;
import io.strates.release.ReleaseWatcher;
import io.strates.release.StrateReleased;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Releases, and how every node learns of them. */
@Configuration(proxyBeanMethods = false)
class ReleaseConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(StratesAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	ReleaseTable stratesReleaseTable(MetadataAccess metadata) {
		return new ReleaseTable(metadata.jdbc(), metadata.database());
	}

	@Bean
	@ConditionalOnMissingBean
	ReleaseWatcher stratesReleaseWatcher(ReleaseTable releases, MetadataAccess metadata,
			ObjectProvider<ReleaseChannel> channel, StratesProperties properties,
			ObjectProvider<ReleaseListener> listeners) {
		ReleaseChannel announcements = channel.getIfAvailable();
		if (announcements == null) {
			logger.info("Releases of other nodes are found by polling every {} ms; with Spring Data Redis on the class"
					+ " path they are announced at once", properties.release().pollInterval().toMillis());
		}
		return new ReleaseWatcher(releases, metadata.own(), announcements, properties.release().pollInterval(),
				List.of(LateListeners.ofReleases(listeners)));
	}

	@Bean
	ReleaseWatch stratesReleaseWatch(ReleaseWatcher watcher) {
		return new ReleaseWatch(watcher);
	}

	@Bean
	@ConditionalOnMissingBean
	ReleaseService stratesReleaseService(StratifiedModel model, ReleaseTable releases, BuildTable builds,
			MetadataAccess metadata, ReleaseWatcher watcher, ObjectProvider<ReleasePreparation> preparations) {
		return ReleaseService.of(model, releases, builds, metadata.joining(), watcher, List.of((build,
				live) -> preparations.orderedStream().forEach((preparation) -> preparation.prepare(build, live))));
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ReleaseListener stratesReleaseEvents(ApplicationEventPublisher publisher) {
		return (release) -> publisher.publishEvent(new StrateReleased(release));
	}

}
