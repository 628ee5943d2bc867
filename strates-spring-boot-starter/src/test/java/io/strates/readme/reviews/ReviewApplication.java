package io.strates.readme.reviews;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Whose reviews they are. */
@SpringBootApplication
public class ReviewApplication {

}
