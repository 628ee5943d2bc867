package io.strates.boot.actuate;

import java.util.function.Supplier;

import io.strates.StratesException;
import io.strates.boot.actuate.StratesDescriptor.ScopeDescriptor;
import io.strates.build.BuildNotFoundException;
import io.strates.entity.UnknownScopeException;
import io.strates.release.NothingReleasedException;
import io.strates.release.ReleaseNotFoundException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers over HTTP with a status and a message where the endpoint throws: 404 for what
 * does not exist, 409 for what its state does not allow, 400 for wrong parameters.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = StratesEndpoint.class)
public class StratesEndpointWebExtension {

	private static final int CONFLICT = 409;

	private static final String JSON = ", with the header Content-Type: application/json";

	static final String BUILD_IN_BODY = "send the id of a sealed build, such as"
			+ " {\"build\":\"01977c5e-0c5a-7d3e-8a6f-3b1d5e7f9a10\"}" + JSON;

	static final String DRY_RUN_IN_BODY = "send {\"dryRun\":false} to collect" + JSON;

	private static final String BUILD_IN_PATH = "put the id of a build at the end of the path";

	static final String REASON_IN_BODY = "say why, such as {\"reason\":\"wrong prices\"}" + JSON;

	private static final String REASON_IN_QUERY = "say why, such as ?reason=stuck at the end of the URL";

	private final StratesEndpoint endpoint;

	/**
	 * Creates the extension.
	 * @param endpoint the endpoint
	 */
	public StratesEndpointWebExtension(StratesEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Returns one scope.
	 * @param scope the scope
	 * @return the scope, or 404
	 */
	@ReadOperation
	public WebEndpointResponse<Object> scope(@Selector String scope) {
		return answer(() -> this.endpoint.scope(scope));
	}

	/**
	 * Returns one scope id.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return the scope id, or 404
	 */
	@ReadOperation
	public WebEndpointResponse<Object> scopeId(@Selector String scope, @Selector String scopeId) {
		return answer(() -> {
			Object found = this.endpoint.scopeId(scope, scopeId);
			return (found != null) ? found : notFound(scope, scopeId);
		});
	}

	private WebEndpointResponse<Object> notFound(String scope, String scopeId) {
		ScopeDescriptor known = this.endpoint.scope(scope);
		return error(WebEndpointResponse.STATUS_NOT_FOUND, "Nothing is built or released for " + scope + "/" + scopeId
				+ "; newest scope ids: " + known.scopeIds().keySet());
	}

	/**
	 * Releases a build.
	 * @param scope the scope of the build
	 * @param scopeId the scope id of the build
	 * @param build the id of the build
	 * @param overwrite whether to replace a release that the build was not based on
	 * @param reason why, for the log
	 * @return the release that is live now, or 400, or 404, or 409
	 */
	@WriteOperation
	public WebEndpointResponse<Object> release(@Selector String scope, @Selector String scopeId, @Nullable String build,
			@Nullable String overwrite, @Nullable String reason) {
		return answer(() -> {
			try {
				return this.endpoint.release(scope, scopeId, WebParameters.build(build, BUILD_IN_BODY),
						WebParameters.choice("overwrite", overwrite), reason);
			}
			catch (BuildNotFoundException ex) {
				return error(WebEndpointResponse.STATUS_NOT_FOUND,
						ex.getMessage() + ": GET strates/" + scope + "/" + scopeId + " below the actuator's path");
			}
		});
	}

	/**
	 * Tells what is missing in a request to release without a JSON body.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @return 400
	 */
	@WriteOperation
	public WebEndpointResponse<Object> releaseWithoutBody(@Selector String scope, @Selector String scopeId) {
		return release(scope, scopeId, null, null, null);
	}

	/**
	 * Restores the state of an earlier release.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param release the number of the release to restore
	 * @param reason why, for the log
	 * @return the release that is live now, or 400, or 404, or 409
	 */
	@WriteOperation
	public WebEndpointResponse<Object> rollBack(@Selector String scope, @Selector String scopeId,
			@Selector String release, @Nullable String reason) {
		return answer(() -> {
			try {
				return this.endpoint.rollBack(scope, scopeId, WebParameters.release(release),
						WebParameters.text("reason", reason, REASON_IN_BODY));
			}
			catch (NothingReleasedException ex) {
				return error(WebEndpointResponse.STATUS_NOT_FOUND,
						"Nothing is released for " + scope + "/" + scopeId
								+ ", so that there is nothing to roll back; newest scope ids: "
								+ this.endpoint.scope(scope).scopeIds().keySet());
			}
		});
	}

	/**
	 * Tells what is missing in a request to roll back without a JSON body.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param release the number of the release to restore
	 * @return 400
	 */
	@WriteOperation
	public WebEndpointResponse<Object> rollBackWithoutBody(@Selector String scope, @Selector String scopeId,
			@Selector String release) {
		return rollBack(scope, scopeId, release, null);
	}

	/**
	 * Gives up a build that is being written.
	 * @param scope the scope of the build
	 * @param scopeId the scope id of the build
	 * @param build the id of the build
	 * @param reason why, for people
	 * @return the failed build, or 400, or 404, or 409
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> fail(@Selector String scope, @Selector String scopeId, @Selector String build,
			@Nullable String reason) {
		return answer(() -> this.endpoint.fail(scope, scopeId, WebParameters.build(build, BUILD_IN_PATH),
				WebParameters.text("reason", reason, REASON_IN_QUERY)));
	}

	/**
	 * Tells what garbage would be collected, or collects it.
	 * @param operation has to be {@code garbage}
	 * @param dryRun whether to change nothing, which is so unless it is {@code false}
	 * @return the report, or 400, or 409 if another node is collecting
	 */
	@WriteOperation
	public WebEndpointResponse<Object> collect(@Selector String operation, @Nullable String dryRun) {
		return answer(() -> {
			Object report = this.endpoint.collect(operation, WebParameters.choice("dryRun", dryRun));
			return (report != null) ? report
					: error(CONFLICT, "Another node is collecting garbage; ask again when it is done");
		});
	}

	/**
	 * Tells what garbage would be collected: a request without a JSON body.
	 * @param operation has to be {@code garbage}
	 * @return the report, or 400
	 */
	@WriteOperation
	public WebEndpointResponse<Object> collectWithoutBody(@Selector String operation) {
		return collect(operation, null);
	}

	@SuppressWarnings("unchecked")
	static WebEndpointResponse<Object> answer(Supplier<Object> operation) {
		try {
			Object answer = operation.get();
			return (answer instanceof WebEndpointResponse<?> response) ? (WebEndpointResponse<Object>) response
					: new WebEndpointResponse<>(answer);
		}
		catch (UnknownScopeException | BuildNotFoundException | ReleaseNotFoundException ex) {
			return error(WebEndpointResponse.STATUS_NOT_FOUND, ex.getMessage());
		}
		catch (StratesException ex) {
			return error(CONFLICT, ex.getMessage());
		}
		catch (NoSuchCacheException ex) {
			return error(WebEndpointResponse.STATUS_NOT_FOUND, ex.getReason());
		}
		catch (InvalidEndpointRequestException ex) {
			return error(WebEndpointResponse.STATUS_BAD_REQUEST, ex.getReason());
		}
		catch (IllegalArgumentException ex) {
			return error(WebEndpointResponse.STATUS_BAD_REQUEST, ex.getMessage());
		}
	}

	private static WebEndpointResponse<Object> error(int status, @Nullable String message) {
		return new WebEndpointResponse<>(new ErrorDescriptor(message), status);
	}

	/**
	 * Why an operation was not carried out.
	 *
	 * @param message the reason, and what would be allowed
	 */
	public record ErrorDescriptor(@Nullable String message) {
	}

}
