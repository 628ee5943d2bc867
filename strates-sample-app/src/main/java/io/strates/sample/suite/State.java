package io.strates.sample.suite;

import java.util.UUID;
import java.util.function.Supplier;

import io.strates.query.Pin;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.WebRequest;

/**
 * The state of a suite that one request reads.
 *
 * @see StateReader
 */
public final class State {

	/** Names the release that an answer comes from, such as {@code bookworm/2}. */
	public static final String RELEASE_HEADER = "Strates-Release";

	/**
	 * What is live may change at any moment; asking again costs little thanks to the tag.
	 */
	static final CacheControl CACHE_CONTROL = CacheControl.noCache();

	private final Pin pin;

	private final WebRequest request;

	/**
	 * Creates a state.
	 * @param pin the build that is read
	 * @param request the request that is to be answered
	 */
	public State(Pin pin, WebRequest request) {
		this.pin = pin;
		this.request = request;
	}

	/**
	 * Returns the number of the release that is read.
	 */
	public long release() {
		return this.pin.release().orElseThrow();
	}

	/**
	 * Returns the build that is read.
	 */
	public UUID buildStrate() {
		return this.pin.buildStrate();
	}

	/**
	 * Answers with a part of this state, unless the client has it already: then nothing
	 * more is read.
	 * @param body reads the body
	 * @param <T> the type of the body
	 * @return the answer
	 */
	public <T> ResponseEntity<T> answer(Supplier<T> body) {
		String tag = buildStrate().toString();
		boolean known = Validators.isNotModified(this.request, tag);
		ResponseEntity.BodyBuilder answer = ResponseEntity.status(known ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
			.headers(releaseHeader(this.pin.scopeId(), release()))
			.cacheControl(CACHE_CONTROL)
			.eTag(tag);
		return known ? answer.build() : answer.body(body.get());
	}

	/**
	 * Returns the header that names a release.
	 * @param suite the suite
	 * @param release the number of the release
	 * @return headers with that one alone
	 */
	public static HttpHeaders releaseHeader(String suite, long release) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(RELEASE_HEADER, suite + "/" + release);
		return headers;
	}

}
