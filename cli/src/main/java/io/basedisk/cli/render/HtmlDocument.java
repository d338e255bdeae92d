package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;

/**
 * Lineage trees as one self-contained page. The page draws itself from the data in it, loads
 * nothing, and allows no script but its own.
 *
 * @param tree the trees
 * @param home the path of the home, for the heading
 * @param command the start of the commands that the page suggests: {@code basedisk}, with the home
 *     if the command line named one
 * @param written when the page is written
 */
public record HtmlDocument(TreeDocument tree, String home, String command, Instant written)
    implements Document {

  @Override
  public void writeText(PrintWriter out) {
    PageTemplate.load().write(out, new PageData(this)::writeTo);
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    tree.writeJson(json);
  }
}
