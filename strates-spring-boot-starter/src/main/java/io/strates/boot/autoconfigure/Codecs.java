package io.strates.boot.autoconfigure;

import io.strates.cache.jackson.JacksonCodecs;

import org.springframework.util.ClassUtils;

/** The codecs that a property names. */
final class Codecs {

	private static final String SMILE = "tools.jackson.dataformat.smile.SmileMapper";

	private Codecs() {
	}

	static JacksonCodecs of(StratesProperties.Cache.Codec codec) {
		return switch (codec) {
			case SMILE -> JacksonCodecs.smile();
			case JSON -> JacksonCodecs.json();
			case AUTO -> ClassUtils.isPresent(SMILE, Codecs.class.getClassLoader()) ? JacksonCodecs.smile()
					: JacksonCodecs.json();
		};
	}

}
