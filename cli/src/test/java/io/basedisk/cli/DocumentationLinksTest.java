package io.basedisk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A reader can follow every link, and reach every page from the table of contents. */
class DocumentationLinksTest {

  private static final Splitter AT_ANCHOR = Splitter.on('#').limit(2);

  @Test
  void every_link_leads_to_a_file_and_to_a_heading_in_it() throws IOException {
    ImmutableList.Builder<String> broken = ImmutableList.builder();
    for (DocumentationPage page : DocumentationPage.all()) {
      for (String link : page.links()) {
        brokenPart(page, link).ifPresent(why -> broken.add(page.file() + ": " + link + ": " + why));
      }
    }

    assertEquals(ImmutableList.of(), broken.build());
  }

  @Test
  void the_table_of_contents_leads_to_every_page_of_docs() throws IOException {
    ImmutableList<DocumentationPage> pages = DocumentationPage.all();
    Path contents = Path.of("docs/README.md");
    DocumentationPage book =
        pages.stream().filter(page -> page.file().equals(contents)).findFirst().orElseThrow();
    Set<Path> linked = new HashSet<>();
    book.links().forEach(link -> linked.add(targetOf(book, link)));

    ImmutableSet<Path> missing =
        pages.stream()
            .map(DocumentationPage::file)
            .filter(file -> file.startsWith("docs") && !file.equals(contents))
            .filter(file -> !linked.contains(file))
            .collect(ImmutableSet.toImmutableSet());

    assertEquals(ImmutableSet.of(), missing);
  }

  @Test
  void a_link_to_a_missing_file_or_heading_is_found() {
    DocumentationPage page =
        new DocumentationPage(
            Path.of("docs/made-up.md"), "# One `two`: three\n\n## One\n\n## One\n");

    assertEquals(Optional.empty(), brokenPart(page, "#one-two-three"));
    assertEquals(Optional.empty(), brokenPart(page, "#one-1"));
    assertEquals(Optional.empty(), brokenPart(page, "../README.md"));
    assertEquals(Optional.of("no such heading"), brokenPart(page, "#one-2"));
    assertEquals(Optional.of("no such heading"), brokenPart(page, "../README.md#made-up"));
    assertEquals(Optional.of("no such file"), brokenPart(page, "missing.md"));
  }

  /** Returns why a link leads nowhere. Links to other sites are not followed. */
  private static Optional<String> brokenPart(DocumentationPage page, String link) {
    if (link.contains("://")) {
      return Optional.empty();
    }
    Path target = DocumentationPage.REPOSITORY.resolve(targetOf(page, link));
    boolean same = link.startsWith("#");
    if (!same && Files.notExists(target)) {
      return Optional.of("no such file");
    }
    List<String> parts = AT_ANCHOR.splitToList(link);
    if (parts.size() == 1) {
      return Optional.empty();
    }
    DocumentationPage linked = same ? page : read(target);
    return linked.anchors().contains(parts.get(1))
        ? Optional.empty()
        : Optional.of("no such heading");
  }

  /** Returns the linked file, relative to the repository. */
  private static Path targetOf(DocumentationPage page, String link) {
    String path = AT_ANCHOR.splitToList(link).get(0);
    return path.isEmpty() ? page.file() : page.file().resolveSibling(path).normalize();
  }

  private static DocumentationPage read(Path file) {
    try {
      return new DocumentationPage(file, Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
