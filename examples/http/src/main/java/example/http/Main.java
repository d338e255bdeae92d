package example.http;

import io.basedisk.app.BaseDisks;
import io.basedisk.domain.model.BoxId;
import io.basedisk.domain.model.ByteSize;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Starts a server, uses it, and stops it: {@code Main HOME}. */
public final class Main {

  private static final int REQUESTS = 20;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Main() {}

  public static void main(String[] arguments) throws Exception {
    try (BaseDisks disks = BaseDisks.open(Path.of(arguments[0]))) {
      BoxId golden = BoxId.of("golden");
      disks.boxes().create(golden, ByteSize.parse("1G"));
      disks.snapshots().create(golden, BoxServer.INSTALLED);
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      try (BoxServer server = new BoxServer(disks, disk -> "disk there: " + Files.exists(disk))) {
        for (int i = 0; i < REQUESTS; i++) {
          answers.add(CLIENT.sendAsync(post(server.uriOf("golden")), BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
          check(200, answer.join());
        }
        check(404, CLIENT.send(post(server.uriOf("missing")), BodyHandlers.ofString()));
        check(400, CLIENT.send(post(server.uriOf(".")), BodyHandlers.ofString()));
        HttpRequest get = HttpRequest.newBuilder(server.uriOf("golden")).build();
        check(405, CLIENT.send(get, BodyHandlers.ofString()));
      }
      if (disks.boxes().list().size() != 1) {
        throw new IllegalStateException("clones are left: " + disks.boxes().list());
      }
      System.out.println("ok: " + REQUESTS + " requests, and no clone is left");
    }
  }

  private static HttpRequest post(URI uri) {
    return HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build();
  }

  private static void check(int status, HttpResponse<String> answer) {
    if (answer.statusCode() != status) {
      throw new IllegalStateException(
          answer.uri() + ": " + answer.statusCode() + " " + answer.body() + ", not " + status);
    }
    System.out.println("ok: " + status + " " + answer.body().strip());
  }
}
