package io.basedisk.cli.render;

import com.fasterxml.jackson.core.JsonGenerator;
import io.basedisk.domain.doctor.Doctor;
import io.basedisk.domain.doctor.Finding;
import io.basedisk.domain.doctor.Repair;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** The findings and repairs of an examination. */
public record DoctorDocument(Doctor.Report report) implements Document {

  @Override
  public void writeText(PrintWriter out) {
    report.repaired().forEach(finding -> write(out, "repaired", finding));
    report.findings().forEach(finding -> write(out, "found", finding));
    if (report.findings().isEmpty()) {
      out.println(report.repaired().isEmpty() ? "nothing is wrong" : "nothing is left");
    } else {
      out.println(Text.count(report.findings().size(), "finding") + " left");
    }
  }

  private static void write(PrintWriter out, String what, Finding finding) {
    out.println(what + "  " + finding.kind().label() + "  " + finding.file());
    out.println("  " + Text.line(finding.detail()));
    out.println(
        "  remedy: " + remedyOf(finding) + (finding.remedy().isLossy() ? " (can lose data)" : ""));
  }

  private static String remedyOf(Finding finding) {
    Repair repair = finding.repair();
    return repair == null ? RemedyText.of(finding.remedy()) : repair.describe();
  }

  @Override
  public void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    write(json, "findings", report.findings());
    write(json, "repaired", report.repaired());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, List<Finding> findings)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringField("kind", finding.kind().label());
      json.writeStringField("file", finding.file().toString());
      json.writeStringField("detail", finding.detail());
      json.writeStringField("repair", remedyOf(finding));
      json.writeBooleanField("lossy", finding.remedy().isLossy());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
