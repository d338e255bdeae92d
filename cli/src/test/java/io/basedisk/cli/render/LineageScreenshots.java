package io.basedisk.cli.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Draws the pictures of the page, to look at and for {@code docs/images}. Run it by hand; its
 * argument is the directory for the files.
 */
final class LineageScreenshots {

  private static final List<Integer> WIDTHS = List.of(360, 768, 1440);

  private LineageScreenshots() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    try (Browser browser = Browser.start(directory)) {
      for (int bases : new int[] {10, 500, 5000}) {
        browser.write(
            bases == 10 ? MadeUpLineage.ofTen().page() : MadeUpLineage.fleet(bases).page());
        for (int width : WIDTHS) {
          for (String theme : List.of("light", "dark")) {
            browser.resize(width, width == 360 ? 740 : width == 768 ? 1024 : 900);
            browser.prefer(theme);
            browser.openFile(directory.resolve("page.html"));
            browser.settle();
            String name = bases + "-" + width + "-" + theme;
            Files.write(directory.resolve(name + ".png"), browser.screenshot());
            browser.run(
                "document.querySelectorAll('.row.base')[" + (width == 360 ? 2 : 3) + "].click()");
            browser.settle();
            Files.write(directory.resolve(name + "-details.png"), browser.screenshot());
            browser.run(
                "document.getElementById('space-tab').click(); document.querySelector('#details .close').click()");
            browser.settle();
            Files.write(directory.resolve(name + "-space.png"), browser.screenshot());
          }
        }
        browser.console().forEach(System.out::println);
      }
    }
  }
}
