package io.strates.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the API that sends exactly what it is told to. */
final class Api {

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final String root;

	Api(int port) {
		this.root = "http://localhost:" + port;
	}

	/** Gets what does not belong to the suites. */
	Answer getOther(String path) {
		return sendOther("GET", path, "");
	}

	/** Sends what does not belong to the suites. */
	Answer sendOther(String method, String path, String body) {
		return send(HttpRequest.newBuilder(URI.create(this.root + path))
			.header("Content-Type", "application/json")
			.method(method, HttpRequest.BodyPublishers.ofString(body)));
	}

	Answer get(String path, String... headers) {
		return send(request(path, headers).GET());
	}

	Answer post(String path, String body, String... headers) {
		return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
	}

	Answer post(String path, byte[] body, String... headers) {
		return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
	}

	Answer send(String method, String path) {
		return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
	}

	/** Imports stanzas as the whole state of a suite. */
	Answer importFull(String suite, String... stanzas) {
		return post("/" + suite + "/builds?mode=full", String.join("\n", stanzas));
	}

	/** Imports stanzas over the live state of a suite. */
	Answer importOverlay(String suite, String... stanzas) {
		return post("/" + suite + "/builds?mode=overlay", String.join("\n", stanzas));
	}

	private HttpRequest.Builder request(String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.root + "/api/suites" + path));
		return (headers.length > 0) ? request.headers(headers) : request;
	}

	private Answer send(HttpRequest.Builder request) {
		try {
			return new Answer(this.client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	static byte[] gzip(String text) {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
			gzip.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return packed.toByteArray();
	}

	/**
	 * What the server answered.
	 *
	 * @param response the response
	 */
	record Answer(HttpResponse<String> response) {

		int status() {
			return this.response.statusCode();
		}

		String body() {
			return this.response.body();
		}

		String header(String name) {
			return this.response.headers().firstValue(name).orElse("");
		}

		JsonNode json() {
			return JSON.readTree(body());
		}

		String text(String pointer) {
			return json().at(pointer).asString();
		}

		long number(String pointer) {
			return json().at(pointer).asLong();
		}

		/** Returns a field of each element of an array, or the elements themselves. */
		List<String> texts(String pointer, String field) {
			return stream(json().at(pointer)).map((each) -> field.isEmpty() ? each : each.get(field))
				.map(JsonNode::asString)
				.toList();
		}

		List<String> texts() {
			return texts("", "");
		}

		private static Stream<JsonNode> stream(JsonNode array) {
			return StreamSupport.stream(array.spliterator(), false);
		}

	}

}
