package io.strates.boot.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import io.strates.boot.actuate.StratesEndpointWebExtension.ErrorDescriptor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers requests to the endpoint whose body cannot be read with what to send instead,
 * where Spring Boot would answer with the status alone.
 *
 * @since 0.1.0
 */
public class StratesEndpointBodies implements HandlerExceptionResolver, Ordered {

	private static final Map<Integer, String> REMEDIES = Map.of( //
			1, StratesEndpointWebExtension.DRY_RUN_IN_BODY, //
			2, StratesEndpointWebExtension.BUILD_IN_BODY, //
			3, StratesEndpointWebExtension.REASON_IN_BODY);

	private final PathMappedEndpoints endpoints;

	private final JsonMapper json = new JsonMapper();

	/**
	 * Creates the resolver.
	 * @param endpoints the paths of the endpoints
	 */
	public StratesEndpointBodies(PathMappedEndpoints endpoints) {
		this.endpoints = endpoints;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception failure) {
		HttpStatus status = status(failure);
		String remedy = remedy(request);
		if (status == null || remedy == null) {
			return null;
		}
		String problem = (status == HttpStatus.BAD_REQUEST) ? "The body is no JSON object of texts"
				: "The body is of another type than application/json";
		response.setStatus(status.value());
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		try {
			response.getOutputStream().write(this.json.writeValueAsBytes(new ErrorDescriptor(problem + "; " + remedy)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new ModelAndView();
	}

	private static @Nullable HttpStatus status(Exception failure) {
		if (failure instanceof HttpMessageNotReadableException) {
			return HttpStatus.BAD_REQUEST;
		}
		return (failure instanceof HttpMediaTypeNotSupportedException) ? HttpStatus.UNSUPPORTED_MEDIA_TYPE : null;
	}

	/** What to send depends on how much the path selects. */
	private @Nullable String remedy(HttpServletRequest request) {
		String root = this.endpoints.getPath(EndpointId.of("strates"));
		Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		if (root == null || pattern == null || !pattern.toString().startsWith(root + "/")) {
			return null;
		}
		return REMEDIES.get(pattern.toString().substring(root.length() + 1).split("/").length);
	}

}
