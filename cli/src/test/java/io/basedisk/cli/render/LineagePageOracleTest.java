package io.basedisk.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.BaseDiskKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of {@code tree --format html}, in Chromium. */
class LineagePageOracleTest {

  @TempDir private static Path directory;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start(directory);
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void use_a_desktop() {
    browser.resize(1440, 900);
    browser.prefer("light");
  }

  @AfterEach
  void nothing_went_wrong_and_nothing_was_loaded() {
    assertEquals(ImmutableList.of(), browser.console());
    assertEquals(
        0, browser.number("performance.getEntriesByType('resource').length"), "the page is alone");
  }

  /** Returns the titles of the rows on the screen, top down. */
  private static List<String> titles() {
    return ImmutableList.copyOf(
        ((List<?>)
                browser.run(
                    "return [...document.querySelectorAll('.row')]"
                        + ".sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))"
                        + ".map(row => row.querySelector('.title').textContent)"))
            .stream().map(Object::toString).toList());
  }

  private static WebElement row(String title) {
    return browser.find(
        By.xpath(
            "//div[contains(@class,'row')][.//span[contains(@class,'title')][.='" + title + "']]"));
  }

  private static void clickOn(BaseDiskId base) {
    browser.find(By.xpath("//div[@id='rows']//*[@class='id'][.='" + base + "']")).click();
  }

  private static List<String> commands() {
    return browser.all("#details code").stream().map(WebElement::getText).toList();
  }

  private static String styleOf(String selector, String property) {
    return (String)
        browser.run(
            "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]",
            selector,
            property);
  }

  @ParameterizedTest
  @CsvSource({
    "360, light",
    "360, dark",
    "768, light",
    "768, dark",
    "1440, light",
    "1440, dark",
  })
  void it_fits_any_width_in_either_theme(int width, String theme) {
    browser.resize(width, 740);
    browser.prefer(theme);
    browser.open(MadeUpLineage.ofTen().page());

    assertEquals("Lineage", browser.text("h1"));
    assertEquals("alpine-3.22", titles().get(0));
    assertTrue(browser.text("#totals").contains("17 boxes"), browser.text("#totals"));
    String ground = styleOf("body", "backgroundColor");
    assertEquals(theme.equals("light") ? "rgb(246, 246, 243)" : "rgb(18, 20, 22)", ground);
    assertNothingIsCutOff(width);
    row("debian-12").click();
    browser.settle();
    assertNothingIsCutOff(width);
    for (String zoom : List.of("in", "in", "in", "in", "out", "out", "out", "out", "out", "out")) {
      browser.run("document.getElementById('zoom-' + arguments[0]).click()", zoom);
      browser.settle();
      assertNothingIsCutOff(width);
    }
    browser.css("#space-tab").click();
    browser.settle();
    assertNothingIsCutOff(width);
  }

  /** No element reaches beyond the page's edges, and no control is narrower than its text. */
  private static void assertNothingIsCutOff(int width) {
    assertEquals(width, browser.number("document.documentElement.scrollWidth"));
    assertEquals(
        List.of(),
        browser.run(
            "return [...document.querySelectorAll('body *')].filter(e => {"
                + "const box = e.getBoundingClientRect();"
                + "return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);"
                + "}).map(e => e.outerHTML.slice(0, 200))"));
    assertEquals(
        List.of(),
        browser.run(
            "return [...document.querySelectorAll("
                + "'button.quiet, nav button, h1, dd, code, #totals, .cell, .head span')]"
                + ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)"));
  }

  @Test
  void the_theme_follows_the_system_until_it_is_chosen() {
    browser.prefer("dark");
    browser.open(MadeUpLineage.ofTen().page());
    assertEquals("rgb(18, 20, 22)", styleOf("body", "backgroundColor"));

    browser.css("#theme").click();
    assertEquals("Light", browser.text("#theme"));
    assertEquals("rgb(246, 246, 243)", styleOf("body", "backgroundColor"));
    browser.open(MadeUpLineage.ofTen().page());
    assertEquals("Light", browser.text("#theme"), "the choice is kept");

    browser.css("#theme").click();
    browser.css("#theme").click();
    assertEquals("System", browser.text("#theme"));
  }

  @Test
  void boxes_sort_as_people_count() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    BaseDiskId base = home.base(BaseDiskKind.CLONE_BASE, "c1", null, null, 1);
    home.box("c10", base, 1);
    home.box("c2", base, 1);
    home.box("c1", base, 1);
    browser.open(home.page());

    assertEquals(List.of("clone base", "c1", "c2", "c10"), titles());
  }

  @Test
  void a_click_on_a_snapshot_shows_what_depends_on_it_and_the_command_that_removes_it() {
    browser.open(MadeUpLineage.ofTen().page());

    row("toolchain").click();

    String details = browser.text("#details");
    assertTrue(details.contains("It is a snapshot: it stays until you remove it."), details);
    assertTrue(details.contains("2 boxes need it, directly or through other bases:"), details);
    assertEquals(
        List.of("basedisk snapshot rm build toolchain", "basedisk box rm build-try"), commands());
    assertTrue(
        browser.all("#details .link-title").stream()
            .map(WebElement::getText)
            .toList()
            .containsAll(List.of("nightly", "build", "build-try", "debian-12")));
    assertEquals("true", row("toolchain").getAttribute("aria-selected"));
  }

  @Test
  void each_reason_has_the_command_that_ends_it() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    BaseDiskId held = home.base(BaseDiskKind.CLONE_BASE, "old", null, null, 1);
    home.hold(held);
    home.base(BaseDiskKind.ROOTFS, "", "debian-12", null, 1);
    BaseDiskId unneeded = home.base(BaseDiskKind.CLONE_BASE, "gone", null, null, 1);
    BaseDiskId clones = home.base(BaseDiskKind.CLONE_BASE, "web", null, null, 1);
    home.box("web", clones, 1);
    home.base(BaseDiskKind.SNAPSHOT, "web", "s", clones, 1);
    browser.open(home.page());

    clickOn(held);
    assertEquals(List.of("basedisk gc --release-holds", "basedisk base rm " + held), commands());
    row("debian-12").click();
    assertEquals(List.of("basedisk rootfs rm debian-12"), commands());
    clickOn(unneeded);
    assertEquals(List.of("basedisk gc"), commands());
    clickOn(clones);
    assertEquals(List.of("basedisk box rm --with-snapshots web"), commands());
    assertTrue(browser.text("#details").contains("This removes its 1 snapshot too."));
  }

  @Test
  void a_command_names_the_home_that_the_command_line_named() {
    HtmlDocument page = MadeUpLineage.ofTen().page();
    browser.open(
        new HtmlDocument(page.tree(), page.home(), "basedisk --home '/my home'", page.written()));

    row("alpine-3.22").click();

    assertEquals(List.of("basedisk --home '/my home' rootfs rm alpine-3.22"), commands());
  }

  @Test
  void a_search_leaves_what_it_finds_with_the_bases_below() {
    browser.open(MadeUpLineage.fleet(500).page());

    browser.press("/");
    browser.css("#search").sendKeys("C644");

    assertEquals("1 found", browser.text("#matches"));
    assertEquals("c644", titles().get(titles().size() - 1));
    assertEquals("c644", browser.text(".row.current .title"));
    assertEquals("c644", browser.text("mark"));

    browser.css("#search").sendKeys("xyz");
    assertEquals("0 found", browser.text("#matches"));
    assertEquals("No base and no box has this in its name.", browser.text("#nothing"));

    browser.css("#search").sendKeys(Keys.ESCAPE);
    assertEquals("", browser.css("#search").getDomProperty("value"));
    assertTrue(titles().size() > 10);
  }

  @Test
  void enter_in_the_search_goes_from_hit_to_hit() {
    browser.open(MadeUpLineage.ofTen().page());
    WebElement search = browser.css("#search");
    search.sendKeys("golden");
    assertEquals("installed", browser.text(".row.current .title"));
    search.sendKeys(Keys.ENTER);
    assertEquals("patched", browser.text(".row.current .title"));
    search.sendKeys(Keys.SHIFT, Keys.ENTER);
    assertEquals("installed", browser.text(".row.current .title"));
  }

  @Test
  void keys_move_fold_and_show_details() {
    browser.open(MadeUpLineage.ofTen().page());
    browser.run("document.getElementById('drawing').focus()");

    browser.press(Keys.HOME, Keys.DOWN);
    assertEquals("clone base", browser.text(".row.current .title"));
    assertEquals("true", browser.css(".row.current").getAttribute("aria-expanded"));
    int rows = titles().size();
    browser.press(Keys.LEFT);
    assertEquals("1 base, 1 box", browser.text(".row.current .folded"));
    assertEquals(rows - 2, titles().size());
    browser.press(Keys.RIGHT);
    assertEquals(rows, titles().size());
    browser.press(Keys.RIGHT);
    assertEquals("db", browser.text(".row.current .title"));
    browser.press(Keys.LEFT);
    browser.press(Keys.ENTER);
    assertTrue(browser.text("#details").contains("Its file is foreign"));
    browser.press(Keys.ESCAPE);
    assertFalse(browser.css("#details").isDisplayed());
    browser.press(Keys.END);
    assertEquals("scratch", browser.text(".row.current .title"));
    browser.press("+");
    assertEquals("110%", browser.text("#zoom-reset"));
    browser.press("0");
    browser.press("-");
    assertEquals("90%", browser.text("#zoom-reset"));
  }

  @Test
  void a_link_in_the_details_unfolds_what_it_leads_to() {
    browser.open(MadeUpLineage.ofTen().page());
    browser.css("#fold").click();
    assertEquals(4, titles().size());

    row("debian-12").click();
    browser.css("#details .more").click();
    browser.find(By.xpath("//aside//button[contains(@class,'link')][.//bdi[.='web-11']]")).click();
    browser.settle();

    assertEquals("web-11", browser.text("#details h2"));
    assertTrue(titles().containsAll(List.of("debian-12", "installed", "patched", "web-11")));
    assertEquals("true", row("web-11").getAttribute("aria-selected"));
    assertEquals(List.of("basedisk box rm web-11", "basedisk box compact web-11"), commands());
  }

  @Test
  void the_space_is_drawn_by_box_and_by_base_with_the_largest_first() {
    browser.open(MadeUpLineage.ofTen().page());

    browser.css("#space-tab").click();

    assertTrue(browser.text(".sum").startsWith("19.2 GiB allocated in 10 bases and 17 boxes"));
    List<String> first =
        browser.all(".chart-of li:first-child .link-title bdi").stream()
            .map(WebElement::getText)
            .toList();
    assertEquals(List.of("build", "clone base"), first);
    browser.css(".chart-of li:first-child button").click();
    assertEquals("build", browser.text("#details h2"));
    assertTrue(browser.css("#lineage").isDisplayed());
  }

  /** Names as hostile owners give them: markup, an end of the data, other directions, controls. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><script>document.title='broken'</script>",
        "<!--<script>",
        "<img src=x onerror=\"document.title='broken'\">",
        "it's \"quoted\" & `run` $(reboot); %s",
        "\u202egnp.exe",
        "\u05d0\u05d1\u05d2 \u0627\u0644\u0639",
        "a\u2028b\u2029c\ufeff\u200bd",
        "\ud83d\udc2e\u200d\ud83d\udca8",
      })
  void a_name_is_text_whatever_it_says(String hostile) {
    MadeUpLineage home = new MadeUpLineage(Duration.ofHours(1));
    BaseDiskId foreign = home.foreign("/tmp/\u001b[31m" + hostile + "\n\u0007", 1);
    home.box("b", home.base(BaseDiskKind.ROOTFS, "", rootfsKey(hostile), foreign, 1), 1);
    browser.open(home.page());

    assertEquals("Lineage", browser.run("return document.title"));
    assertEquals(
        browser.run("return format.visible(arguments[0])", rootfsKey(hostile)), titles().get(1));
    browser.css(".row.base:nth-of-type(2)").click();
    assertEquals(2, commands().size());
    commands().forEach(command -> assertEquals(1, command.lines().count(), command));
    assertEquals(
        rootfsKey(hostile),
        browser.run("return model.bases[1].name"),
        "the data says the name as it is");
    browser.css(".row.base:nth-of-type(1)").click();
    assertTrue(
        browser.text("#details").contains("\u27e8U+001B\u27e9[31m"), browser.text("#details"));
    assertTrue(browser.text("#details").contains("\u27e8U+000A\u27e9\u27e8U+0007\u27e9"));
    assertEquals("Lineage", browser.run("return document.title"));
  }

  private static String rootfsKey(String hostile) {
    return hostile.replace("/", "|").replace("\\", "|");
  }

  @Test
  void a_word_of_a_command_is_quoted_for_the_shell() {
    browser.open(MadeUpLineage.ofTen().page());

    assertEquals("web-1", browser.run("return format.word('web-1')"));
    assertEquals(
        "'it'\\''s $(reboot)'", browser.run("return format.word(arguments[0])", "it's $(reboot)"));
    assertEquals(
        "$'it\\'s \\U0000202Ex'",
        browser.run("return format.word(arguments[0])", "it's \u202ex"),
        "what can't be seen is an escape");
  }

  @Test
  void the_policy_stops_any_other_script() {
    browser.open(MadeUpLineage.ofTen().page());

    browser.run(
        "const script = document.createElement('script');"
            + "script.textContent = \"document.title = 'broken'\";"
            + "document.body.append(script);");

    assertEquals("Lineage", browser.run("return document.title"));
    ImmutableList<String> console = browser.console();
    assertEquals(1, console.size());
    assertTrue(console.get(0).contains("Content Security Policy"), console.get(0));
  }

  @Test
  void five_thousand_bases_are_folded_and_few_elements_even_unfolded() {
    browser.open(MadeUpLineage.fleet(5_000).page());

    assertTrue(browser.text("#totals").startsWith("5,000 bases"));
    assertTrue(browser.all(".folded").size() > 10, "folds tell what is in them");
    assertTrue(browser.number("document.querySelectorAll('*').length") < 2_000);

    browser.css("#unfold").click();
    browser.run("document.getElementById('drawing').scrollTop = 100000");
    browser.settle();

    long elements = browser.number("document.querySelectorAll('*').length");
    assertTrue(elements < 2_500, "" + elements);
    assertTrue(browser.number("document.getElementById('rows').offsetHeight") > 5_000 * 30);
    browser.css("#space-tab").click();
    elements = browser.number("document.querySelectorAll('*').length");
    assertTrue(elements < 5_000, "" + elements);
  }

  @Test
  void a_chain_of_ten_thousand_bases_is_one_straight_column() {
    MadeUpLineage home = new MadeUpLineage(Duration.ofMinutes(1));
    BaseDiskId top = home.base(BaseDiskKind.CLONE_BASE, "b", null, null, 1);
    while (home.size() < 10_000) {
      top = home.base(BaseDiskKind.CLONE_BASE, "b", null, top, 1);
    }
    home.box("b", top, 1);
    browser.open(home.page());
    browser.css("#unfold").click();
    browser.run("document.getElementById('drawing').focus()");
    browser.press(Keys.END);
    browser.settle();

    assertEquals("b", browser.text(".row.current .title"));
    assertTrue(
        browser.css(".row.current .title").getLocation().getX() < 120, "no indentation per base");
    browser.press(Keys.ENTER);
    assertEquals("b", browser.text("#details h2"));
  }

  @Test
  void a_home_without_bases_says_so() {
    browser.open(new MadeUpLineage(Duration.ofHours(1)).page());

    assertEquals("This home has no bases and no boxes.", browser.text("#nothing"));
    browser.css("#space-tab").click();
    assertTrue(browser.text(".sum").startsWith("0 B allocated in 0 bases and 0 boxes"));
  }
}
