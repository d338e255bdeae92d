package io.basedisk.cli.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Takes pictures of the page, to look at and for {@code docs/images}: of 10, 500 and 5,000 bases,
 * at three widths, in both themes. Run it by hand; its argument is the directory for the pictures.
 */
final class LineageScreenshots {

  /** The widths of a phone, a tablet and a desktop, with their heights. */
  private static final Map<Integer, Integer> SIZES = Map.of(360, 740, 768, 1024, 1440, 900);

  private final Browser browser;
  private final Path directory;

  private LineageScreenshots(Browser browser, Path directory) {
    this.browser = browser;
    this.directory = directory;
  }

  /** Takes the pictures. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    try (Browser browser = Browser.start(directory)) {
      LineageScreenshots screenshots = new LineageScreenshots(browser, directory);
      for (int bases : new int[] {10, 500, 5000}) {
        Path page =
            browser.write(
                bases == 10 ? MadeUpLineage.ofTen().page() : MadeUpLineage.fleet(bases).page());
        for (int width : SIZES.keySet()) {
          for (String theme : List.of("light", "dark")) {
            browser.resize(width, SIZES.get(width));
            browser.prefer(theme);
            browser.openFile(page);
            screenshots.takeAll(bases + "-" + width + "-" + theme);
          }
        }
      }
    }
  }

  private void takeAll(String name) throws IOException {
    take(name);
    browser.run("document.querySelectorAll('.row.base')[4].click()");
    take(name + "-details");
    browser.run("document.querySelector('#details .close').click()");
    search("c1");
    take(name + "-search");
    search("");
    browser.run("document.getElementById('space-tab').click()");
    take(name + "-space");
  }

  private void search(String text) {
    browser.run(
        "const field = document.getElementById('search');"
            + "field.value = arguments[0];"
            + "field.dispatchEvent(new Event('input'));",
        text);
  }

  private void take(String name) throws IOException {
    browser.settle();
    Files.write(directory.resolve(name + ".png"), browser.screenshot());
  }
}
