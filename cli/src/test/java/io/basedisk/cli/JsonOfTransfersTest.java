package io.basedisk.cli;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The JSON of commands that transfer boxes. */
class JsonOfTransfersTest extends GoldenJson {

  @Test
  void archives() throws IOException {
    prepare("box create web-1 --size 1M");
    prepare("snapshot create web-1 clean");
    step("export-snapshot", "export web-1@clean <dir>/clean.tar");
    prepare("base create web-1 --kind clone_base");
    step("export", "export web-1 <dir>/web-1.tar");
    step("export-exists", "export web-1 <dir>/web-1.tar");
    step("export-no-box", "export nothing <dir>/nothing.tar");
    step("export-no-snapshot", "export web-1@nothing <dir>/nothing.tar");
    step("export-into-home", "export web-1 <dir>/home/bases/web-1.tar");
    step("export-bad-platform", "export web-1 <dir>/new.tar --platform amd64");
    step("import", "--home <dir>/other import <dir>/clean.tar web-2");
    step("import-more-of-it", "--home <dir>/other import <dir>/web-1.tar web-3");
    step("import-reused", "import <dir>/web-1.tar web-4");
    step("import-exists", "import <dir>/web-1.tar web-4");
    step("import-no-file", "import <dir>/nothing.tar web-5");
    step("import-limit", "--home <dir>/third import <dir>/web-1.tar web-5 --max-bytes 1K");
  }

  @Test
  void layouts() throws IOException {
    prepare("box create web-1 --size 1M");
    step("push", "push web-1 oci:<dir>/layout:v1");
    step("push-again", "push web-1 oci:<dir>/layout:v2");
    step("push-no-layout", "push web-1 oci:<dir>");
    step("push-bad-reference", "push web-1 web");
    step("push-mount-from", "push web-1 oci:<dir>/layout --mount-from web");
    step("push-no-registry", "push web-1 oci:<dir>/layout --plain-http");
    step("pull", "--home <dir>/other pull oci:<dir>/layout:v1 web-2");
    step("pull-missing", "pull oci:<dir>/layout:v3 web-2");
  }

  @Test
  void forms_of_other_programs() throws IOException {
    prepare("box create web-1 --size 1M");
    step("flat", "export web-1 <dir>/flat.qcow2 --flat");
    step("flat-exists", "export web-1 <dir>/flat.qcow2 --flat");
    step("flat-to-pipe", "export web-1 - --flat");
    step("boxlite", "export web-1 <dir>/web-1.boxlite --format boxlite");
    step("boxlite-unknown", "export web-1 <dir>/web-1.ova --format ova");
    step("import-boxlite", "--home <dir>/other import <dir>/web-1.boxlite web-2");
    step("containerdisk", "push web-1 oci:<dir>/disk:v1 --as containerdisk");
    step("pull-containerdisk", "--home <dir>/other pull oci:<dir>/disk:v1 web-3");
    step("podman-machine", "push web-1 oci:<dir>/machine:v1 --as podman-machine");
    step("pull-podman-machine", "--home <dir>/other pull oci:<dir>/machine:v1 web-4");
    step("form-unknown", "push web-1 oci:<dir>/disk:v2 --as ova");
    step("rootfs", "--home <dir>/other rootfs add debian oci:<dir>/disk:v1");
    step("rootfs-ls", "--home <dir>/other rootfs ls");
  }
}
