package io.basedisk.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.ImmutableList;
import io.basedisk.cli.render.Document;
import io.basedisk.cli.render.Text;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * The outcome of a demo. As text it is only the summary, because the steps were printed before.
 *
 * @param usedQemu whether {@code qemu-img} checked the files
 */
public record DemoReport(ImmutableList<Step> steps, boolean usedQemu) implements Document {

  /** {@return whether no check of any step has failed} */
  public boolean hasPassed() {
    return failures() == 0;
  }

  private long failures() {
    return steps.stream().mapToLong(Step::failures).sum();
  }

  private int checks() {
    return steps.stream().mapToInt(step -> step.checks().size()).sum();
  }

  @Override
  public void writeText(PrintWriter out) {
    out.println();
    out.println(
        Text.count(steps.size(), "step")
            + ", "
            + Text.count(checks(), "check")
            + (hasPassed() ? ", all passed." : ", " + failures() + " FAILED."));
    if (!usedQemu) {
      out.println("qemu-img is not installed, so it did not check the files.");
    }
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("passed", hasPassed());
    json.writeNumberField("checks", checks());
    json.writeNumberField("failures", failures());
    json.writeBooleanField("qemu_img", usedQemu);
    json.writeArrayFieldStart("steps");
    for (Step step : steps) {
      step.writeJson(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
