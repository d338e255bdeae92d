package io.basedisk.oci.registry;

import com.google.common.collect.ImmutableList;
import io.basedisk.oci.blob.FormatException;
import io.basedisk.oci.json.Json;
import io.basedisk.oci.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists the tags of a repository, page by page. */
final class TagPages {

  private static final int PAGE_TAGS = 1000;
  private static final int MAX_PAGES = 100;
  private static final int MAX_PAGE_BYTES = 4 << 20;

  private static final Pattern NEXT =
      Pattern.compile("<([^<>]++)>[^<]*?;\\s*+rel=\"?next\"?(?:[;,\\s].*+)?");

  private final RegistryReference reference;
  private final Session session;
  private final ImmutableList<String> scopes;

  /**
   * Makes a list.
   *
   * @param reference names the repository
   * @param session sends requests
   * @param scopes what a token must allow
   */
  TagPages(RegistryReference reference, Session session, ImmutableList<String> scopes) {
    this.reference = reference;
    this.session = session;
    this.scopes = scopes;
  }

  /** Returns the tags, sorted; none if there is no repository. */
  ImmutableList<String> all() throws IOException {
    Set<String> tags = new TreeSet<>();
    URI page = Uris.withQuery(session.uri("tags/list"), "n=" + PAGE_TAGS);
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      @Nullable URI next = read(page, tags).orElse(null);
      if (next == null) {
        return ImmutableList.copyOf(tags);
      }
      page = next;
    }
    throw Failures.broken(reference, "lists the tags on more than " + MAX_PAGES + " pages");
  }

  /** Reads a page, and returns the URI of the next one. */
  private Optional<URI> read(URI page, Set<String> tags) throws IOException {
    try (Answer answer = session.send(Session.Call.of("GET", page), scopes)) {
      if (answer.status() == 404) {
        return Optional.empty();
      }
      if (answer.status() != 200) {
        throw Failures.unexpected(reference, "list the tags", answer);
      }
      byte[] body = answer.bytes(MAX_PAGE_BYTES);
      if (body.length > MAX_PAGE_BYTES) {
        throw Failures.broken(
            reference, "sent more than " + MAX_PAGE_BYTES + " bytes as a page of tags");
      }
      for (String tag : parse(body)) {
        if (!RegistryReference.isTag(tag)) {
          throw Failures.broken(reference, "sent an invalid tag");
        }
        tags.add(tag);
      }
      return next(answer);
    }
  }

  /** Returns the tags of a page. Some registries send null for none. */
  private ImmutableList<String> parse(byte[] body) {
    try {
      JsonObject page = Json.read(body);
      return page.has("tags") ? page.strings("tags") : ImmutableList.of();
    } catch (FormatException e) {
      throw Failures.broken(reference, "sent a list of tags that is not valid");
    }
  }

  private Optional<URI> next(Answer answer) {
    Matcher link = NEXT.matcher(answer.header("Link").orElse(""));
    if (!link.matches()) {
      return Optional.empty();
    }
    Optional<URI> uri = Uris.resolve(answer.uri(), link.group(1));
    // The pages of a list are in one place: another one is an attempt to lead the client astray.
    if (uri.flatMap(Origin::find).equals(Origin.find(answer.uri()))) {
      return uri;
    }
    throw Failures.broken(reference, "sent no valid link to the next page of tags");
  }
}
