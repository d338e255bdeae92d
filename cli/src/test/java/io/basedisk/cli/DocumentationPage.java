package io.basedisk.cli;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multiset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, in Markdown.
 *
 * @param file relative to the repository
 */
record DocumentationPage(Path file, String text) {

  /** The repository, relative to the module. */
  static final Path REPOSITORY = Path.of("..");

  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern INDENTED = Pattern.compile("(?m)^ {4,}.*$");
  private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern LINKED_TEXT = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern NOT_IN_AN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N} _-]");

  /** Reads all pages: those in docs and in the repository's own directory, and of the packages. */
  static ImmutableList<DocumentationPage> all() throws IOException {
    try (Stream<Path> root = Files.list(REPOSITORY);
        Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"));
        Stream<Path> dist = Files.list(REPOSITORY.resolve("dist"))) {
      ImmutableList.Builder<DocumentationPage> pages = ImmutableList.builder();
      for (Path file :
          Stream.of(root, docs, dist)
              .flatMap(files -> files)
              .filter(file -> file.toString().endsWith(".md"))
              .sorted()
              .toList()) {
        pages.add(new DocumentationPage(REPOSITORY.relativize(file), Files.readString(file)));
      }
      return pages.build();
    }
  }

  /** Returns the targets of all links and images. Code has none. */
  ImmutableList<String> links() {
    String prose = CODE_SPAN.matcher(FENCED.matcher(text).replaceAll("")).replaceAll("code");
    return LINK.matcher(prose)
        .results()
        .map(link -> link.group(1))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the lines of all code blocks, then the code spans. */
  ImmutableList<String> code() {
    ImmutableList.Builder<String> code = ImmutableList.builder();
    FENCED.matcher(text).results().flatMap(block -> block.group().lines()).forEach(code::add);
    String rest = FENCED.matcher(text).replaceAll("");
    INDENTED.matcher(rest).results().map(MatchResult::group).forEach(code::add);
    CODE_SPAN
        .matcher(INDENTED.matcher(rest).replaceAll(""))
        .results()
        .map(span -> span.group().replace("`", ""))
        .forEach(code::add);
    return code.build();
  }

  /** Returns the anchors of the headings, as GitHub makes them. */
  ImmutableSet<String> anchors() {
    ImmutableSet.Builder<String> anchors = ImmutableSet.builder();
    Multiset<String> seen = HashMultiset.create();
    Matcher headings = HEADING.matcher(FENCED.matcher(text).replaceAll(""));
    while (headings.find()) {
      String anchor = anchorOf(headings.group(1));
      int earlier = seen.count(anchor);
      seen.add(anchor);
      anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
    }
    return anchors.build();
  }

  private static String anchorOf(String heading) {
    String plain = LINKED_TEXT.matcher(heading).replaceAll("$1").strip().toLowerCase(Locale.ROOT);
    return NOT_IN_AN_ANCHOR.matcher(plain).replaceAll("").replace(' ', '-');
  }
}
