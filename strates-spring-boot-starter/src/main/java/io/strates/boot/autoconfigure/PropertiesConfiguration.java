package io.strates.boot.autoconfigure;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** How the properties are bound. */
@Configuration(proxyBeanMethods = false)
class PropertiesConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static StratesBindHandler.Advisor stratesBindHandlerAdvisor() {
		return new StratesBindHandler.Advisor();
	}

}
