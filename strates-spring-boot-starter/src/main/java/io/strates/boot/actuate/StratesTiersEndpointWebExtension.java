package io.strates.boot.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers over HTTP with a status and a message where the endpoint throws: 404 for a
 * cache that does not exist, 400 for what cannot be done with it.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = StratesTiersEndpoint.class)
public class StratesTiersEndpointWebExtension {

	private static final String ACTION_IN_BODY = "send {\"action\":\"retry\"} or {\"action\":\"drop\"}, with the header"
			+ " Content-Type: application/json";

	private final StratesTiersEndpoint endpoint;

	/**
	 * Creates the extension.
	 * @param endpoint the endpoint
	 */
	public StratesTiersEndpointWebExtension(StratesTiersEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Returns one cache.
	 * @param cache its name, or the end of it
	 * @return the cache, or 404
	 */
	@ReadOperation
	public WebEndpointResponse<Object> cache(@Selector String cache) {
		return StratesEndpointWebExtension.answer(() -> this.endpoint.cache(cache));
	}

	/**
	 * Tells why this node answers a key as it does.
	 * @param cache the name of the cache, or the end of it
	 * @param key the text of the key
	 * @return what each tier has of it, or 404
	 */
	@ReadOperation
	public WebEndpointResponse<Object> explain(@Selector String cache,
			@Selector(match = Selector.Match.ALL_REMAINING) String... key) {
		return StratesEndpointWebExtension.answer(() -> this.endpoint.explain(cache, key));
	}

	/**
	 * Forgets what a cache holds, or what carries a tag.
	 * @param cache the name of the cache, or the end of it
	 * @param tag the tag, or {@code null} for everything
	 * @return what was invalidated, or 404
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> invalidate(@Selector String cache, @Nullable String tag) {
		return StratesEndpointWebExtension.answer(() -> this.endpoint.invalidate(cache, tag));
	}

	/**
	 * Forgets a key.
	 * @param cache the name of the cache, or the end of it
	 * @param key the text of the key
	 * @return what was invalidated, or 404
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> invalidateKey(@Selector String cache,
			@Selector(match = Selector.Match.ALL_REMAINING) String... key) {
		return StratesEndpointWebExtension.answer(() -> this.endpoint.invalidateKey(cache, key));
	}

	/**
	 * Queues a dead write again, or drops it.
	 * @param store the name of the store, or the end of it
	 * @param action {@code retry} or {@code drop}
	 * @param id the text of the id
	 * @return what was done, or 404
	 */
	@WriteOperation
	public WebEndpointResponse<Object> settle(@Selector String store, @Nullable String action,
			@Selector(match = Selector.Match.ALL_REMAINING) String... id) {
		return StratesEndpointWebExtension
			.answer(() -> this.endpoint.settle(store, WebParameters.text("action", action, ACTION_IN_BODY), id));
	}

	/**
	 * Tells what is missing in a request to settle a dead write without a JSON body.
	 * @param store the name of the store, or the end of it
	 * @param id the text of the id
	 * @return 400
	 */
	@WriteOperation
	public WebEndpointResponse<Object> settleWithoutBody(@Selector String store,
			@Selector(match = Selector.Match.ALL_REMAINING) String... id) {
		return settle(store, null, id);
	}

	/**
	 * Waits until a message comes through the channel.
	 * @param operation has to be {@code probe}
	 * @return whether one came, or 404
	 */
	@WriteOperation
	public WebEndpointResponse<Object> probe(@Selector String operation) {
		return StratesEndpointWebExtension.answer(() -> this.endpoint.probe(operation));
	}

}
