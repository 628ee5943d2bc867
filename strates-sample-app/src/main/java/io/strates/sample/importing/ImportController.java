package io.strates.sample.importing;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

import io.strates.release.Release;
import io.strates.sample.debian.BrokenIndexException;
import io.strates.sample.debian.PackageIndex;
import io.strates.sample.release.ReleaseView;
import io.strates.sample.suite.State;
import io.strates.sample.suite.Suites;
import io.strates.sample.web.BadRequestException;
import io.strates.sample.web.Problems;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Takes uploads of package indexes. */
@RestController
class ImportController {

	private static final List<MediaType> INDEX_TYPES = List.of(MediaType.TEXT_PLAIN,
			new MediaType("application", "gzip"), MediaType.APPLICATION_OCTET_STREAM);

	private final ImportService imports;

	private final DataSize maxSize;

	ImportController(ImportService imports, SampleProperties properties) {
		this.imports = imports;
		this.maxSize = properties.upload().maxSize();
	}

	/**
	 * Receives the whole body before a build is opened, so that a slow client does not
	 * hold one open.
	 */
	@PostMapping(path = "/api/suites/{suite}/builds", produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<ReleaseView> post(@PathVariable String suite, HttpServletRequest request, InputStream body)
			throws IOException, HttpMediaTypeNotSupportedException {
		requireIndex(request.getContentType());
		ImportMode mode = mode(request.getQueryString());
		if (!Suites.isValid(suite)) {
			throw new BadRequestException("\"%s\" cannot be a suite; use %s".formatted(suite, Suites.RULE));
		}
		if (request.getContentLengthLong() > this.maxSize.toBytes()) {
			throw UploadStream.tooLarge(this.maxSize);
		}
		UploadStream upload = new UploadStream(body, this.maxSize);
		try (PackageIndex index = PackageIndex.spool(upload)) {
			if (upload.isEmpty()) {
				throw new UploadException(HttpStatus.UNPROCESSABLE_CONTENT,
						"The body is empty; send a package index of Debian,"
								+ " plain or gzipped, such as with curl --data-binary @Packages.gz");
			}
			Release release = this.imports.run(suite, mode, index, "upload", ImportProgress.SILENT).release();
			return ResponseEntity.status(HttpStatus.CREATED)
				.headers(State.releaseHeader(suite, release.number()))
				.body(ReleaseView.of(release));
		}
	}

	/** Takes all types but those that an index cannot be. */
	private static void requireIndex(@Nullable String type) throws HttpMediaTypeNotSupportedException {
		if (type == null) {
			return;
		}
		MediaType given = parse(type);
		if (given.getType().equals("multipart") || given.isCompatibleWith(MediaType.APPLICATION_JSON)) {
			throw new HttpMediaTypeNotSupportedException(given, INDEX_TYPES);
		}
	}

	private static MediaType parse(String type) throws HttpMediaTypeNotSupportedException {
		try {
			return MediaType.parseMediaType(type);
		}
		catch (InvalidMediaTypeException ex) {
			throw new HttpMediaTypeNotSupportedException("Content-Type is no media type");
		}
	}

	/**
	 * Not a request parameter: to look for one, a server reads the body of what claims to
	 * be a form, as curl does of any upload.
	 */
	private static ImportMode mode(@Nullable String query) {
		String mode = UriComponentsBuilder.newInstance()
			.query((query != null) ? query : "")
			.build()
			.getQueryParams()
			.getFirst("mode");
		for (ImportMode candidate : ImportMode.values()) {
			if (candidate.name().toLowerCase(Locale.ROOT).equals(mode)) {
				return candidate;
			}
		}
		throw new BadRequestException(
				"Parameter mode is %s; use full or overlay".formatted((mode != null) ? '"' + mode + '"' : "missing"));
	}

	@ExceptionHandler
	ResponseEntity<Object> broken(BrokenIndexException failure) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_CONTENT,
				"Line %d of the index: %s".formatted(failure.line(), failure.reason()));
		problem.setProperty("line", failure.line());
		return Problems.answer(problem);
	}

	@ExceptionHandler
	ResponseEntity<Object> incomplete(UploadException failure) {
		return Problems.answer(ProblemDetail.forStatusAndDetail(failure.status(), failure.getMessage()));
	}

}
