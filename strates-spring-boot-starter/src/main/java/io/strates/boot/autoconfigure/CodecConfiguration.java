package io.strates.boot.autoconfigure;

import io.strates.cache.CodecFactory;
import io.strates.cache.jackson.JacksonCodecs;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How values are encoded, for the second tier and for journals. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ObjectMapper.class)
class CodecConfiguration {

	@Bean
	@ConditionalOnMissingBean(CodecFactory.class)
	JacksonCodecs stratesCacheCodecs(StratesProperties properties) {
		return Codecs.of(properties.cache().codec());
	}

}
