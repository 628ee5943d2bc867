package io.strates.sample.suite;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.WebRequest;

/**
 * Entity tags, as RFC 9110 has them in 8.8.3 and 13.1.2.
 */
public final class Validators {

	private Validators() {
	}

	/**
	 * Returns whether the client has a representation already: its If-None-Match lists
	 * the tag, weak or strong, or is {@code *}.
	 * @param request the request
	 * @param tag the tag of what exists now, without quotes
	 * @return whether to answer 304
	 */
	static boolean isNotModified(WebRequest request, String tag) {
		String[] conditions = request.getHeaderValues(HttpHeaders.IF_NONE_MATCH);
		if (conditions == null) {
			return false;
		}
		return ETag.parse(String.join(",", conditions))
			.stream()
			.anyMatch((condition) -> condition.isWildcard() || condition.tag().equals(tag));
	}

	/**
	 * Answers with a body that belongs to no single build, such as a log, and a tag made
	 * from what it shows.
	 * @param request the request
	 * @param body the body, whose text tells all that it shows
	 * @param headers further headers
	 * @param <T> the type of the body
	 * @return the answer, without the body if the client has it
	 */
	public static <T> ResponseEntity<T> answer(WebRequest request, T body, HttpHeaders headers) {
		String tag = UUID.nameUUIDFromBytes(body.toString().getBytes(StandardCharsets.UTF_8)).toString();
		ResponseEntity.BodyBuilder answer = ResponseEntity
			.status(isNotModified(request, tag) ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
			.headers(headers)
			.cacheControl(State.CACHE_CONTROL)
			.eTag(tag);
		return isNotModified(request, tag) ? answer.build() : answer.body(body);
	}

}
