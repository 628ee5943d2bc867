package io.strates.boot.autoconfigure;

import io.strates.release.ReleaseChannel;
import io.strates.release.redis.RedisReleaseChannel;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/** Announcements of releases through Redis. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RedisMessageListenerContainer.class)
@ConditionalOnSingleCandidate(RedisConnectionFactory.class)
@ConditionalOnBooleanProperty(name = "strates.release.redis.enabled", matchIfMissing = true)
class RedisConfiguration {

	@Bean
	@ConditionalOnMissingBean(ReleaseChannel.class)
	RedisReleaseChannel stratesRedisReleaseChannel(RedisConnectionFactory connections, StratesProperties properties,
			Environment environment) {
		String channel = properties.release().redis().channel();
		return new RedisReleaseChannel(connections, (channel != null) ? channel
				: "strates:" + environment.getProperty("spring.application.name", "application") + ":released");
	}

}
