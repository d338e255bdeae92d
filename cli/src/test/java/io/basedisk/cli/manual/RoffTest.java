package io.basedisk.cli.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoffTest {

  @Test
  void text_is_no_macro_and_no_escape() {
    Roff page = new Roff();

    page.line(".so /etc/passwd");
    page.line("'br a\\b");
    page.line("--size 'x'");

    assertEquals("\\&.so /etc/passwd\n\\(aqbr a\\eb\n\\-\\-size \\(aqx\\(aq\n", page.toString());
  }

  @Test
  void an_argument_of_a_macro_ends_at_no_quotation_mark_of_its_text() {
    Roff page = new Roff();

    page.term("\"a\" b", "text");

    assertEquals(".TP\n.B \"\\(dqa\\(dq b\"\ntext\n", page.toString());
  }

  @Test
  void paragraphs_are_apart_but_the_first_is_not_apart_from_its_heading() {
    Roff page = new Roff();

    page.section("NOTES");
    page.paragraph("one");
    page.literal(List.of("two"));

    assertEquals(".SH \"NOTES\"\none\n.PP\n.nf\ntwo\n.fi\n", page.toString());
  }
}
