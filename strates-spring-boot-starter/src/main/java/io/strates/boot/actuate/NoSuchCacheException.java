package io.strates.boot.actuate;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Thrown if no cache has the name that was selected. */
final class NoSuchCacheException extends InvalidEndpointRequestException {

	private static final long serialVersionUID = 1L;

	NoSuchCacheException(String message) {
		super(message, message);
	}

}
