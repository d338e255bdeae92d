package io.basedisk.oci.registry;

import static io.basedisk.oci.registry.ScriptedServer.reply;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.basedisk.domain.error.BaseDiskException;
import io.basedisk.domain.error.StorageException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes of manifests to a registry that is slow, broken or hostile. */
class HostileManifestWriteTest extends WriteFixture {

  @Test
  void a_manifest_is_stored_and_read_back() {
    server.then(CREATED, reply(200, "{}"));

    blobs.putManifest("v1", MANIFEST_TYPE, MANIFEST);

    assertEquals(
        List.of(
            "PUT /v2/team/web/manifests/v1",
            "GET /v2/team/web/manifests/" + Clients.digest(MANIFEST)),
        server.lines());
    assertEquals(MANIFEST_TYPE, server.requests().get(0).headers().get("content-type"));
    assertArrayEquals(MANIFEST, server.requests().get(0).body());
  }

  @Test
  void a_manifest_that_the_registry_lost_is_an_error() {
    server.then(CREATED, MISSING);

    assertThrows(StorageException.class, () -> blobs.putManifest("v1", MANIFEST_TYPE, MANIFEST));
  }

  @Test
  void a_manifest_that_the_registry_changed_is_an_error() {
    server.then(CREATED, reply(200, "{ }"));

    assertThrows(BaseDiskException.class, () -> blobs.putManifest("v1", MANIFEST_TYPE, MANIFEST));
  }

  @Test
  void a_manifest_that_the_registry_rejects_is_an_error() {
    server.then(
        reply(
            400,
            "{\"errors\": [{\"code\": \"MANIFEST_BLOB_UNKNOWN\", \"message\": \"no blob\"}]}"));

    String message =
        assertThrows(StorageException.class, () -> blobs.putManifest("v1", MANIFEST_TYPE, MANIFEST))
            .getMessage();

    assertTrue(message.contains("400 (MANIFEST_BLOB_UNKNOWN: no blob)"), message);
  }
}
