package io.strates.sample.importing;

import java.io.IOException;

import org.springframework.http.HttpStatus;

/** Thrown while an upload is received that can never be complete. */
class UploadException extends IOException {

	private final HttpStatus status;

	UploadException(HttpStatus status, String message) {
		super(message);
		this.status = status;
	}

	HttpStatus status() {
		return this.status;
	}

}
