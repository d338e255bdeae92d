package io.basedisk.oci.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;

/**
 * A server on a loopback address that answers its n-th request with the n-th reply that a test gave
 * it, and the requests after that as its last one. Each connection serves one request.
 */
final class ScriptedServer implements AutoCloseable {

  /** A request; its headers have names in lower case, and each character of the text is a byte. */
  record Request(String method, String target, Map<String, String> headers, String text) {

    byte[] body() {
      return text.getBytes(ISO_8859_1);
    }

    String line() {
      return method + " " + target;
    }

    boolean isAuthorized() {
      return headers.containsKey("authorization");
    }
  }

  /** Answers a request. The connection is closed afterwards. */
  interface Reply {
    void answer(Request request, Socket socket) throws IOException;
  }

  private static final int BACKLOG = 50;

  private final ServerSocket server;
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Reply last = raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

  ScriptedServer() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  /** Makes a server whose sockets speak TLS, for example. */
  ScriptedServer(ServerSocketFactory sockets) throws IOException {
    server = sockets.createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Gives the replies to the next requests. */
  ScriptedServer then(Reply... next) {
    replies.addAll(List.of(next));
    last = next[next.length - 1];
    return this;
  }

  String host() {
    return "127.0.0.1:" + port();
  }

  int port() {
    return server.getLocalPort();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  List<String> lines() {
    return requests.stream().map(Request::line).toList();
  }

  /** Sends these characters, one byte each. */
  static Reply raw(String text) {
    return (request, socket) -> socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Sends a whole answer; headers are lines such as {@code Name: value}. */
  static Reply reply(int status, String body, String... headers) {
    return reply(status, body.getBytes(UTF_8), headers);
  }

  static Reply reply(int status, byte[] body, String... headers) {
    return (request, socket) -> {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Reason\r\n");
      head.append("Content-Length: ").append(body.length).append("\r\nConnection: close\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      OutputStream out = socket.getOutputStream();
      out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
      if (!request.method().equals("HEAD")) {
        out.write(body);
      }
    };
  }

  /** Sends the head of an answer and a part of its body, then closes the connection. */
  static Reply broken(int length, byte[] body, int sent, String... headers) {
    return (request, socket) -> {
      String head =
          "HTTP/1.1 200 OK\r\nContent-Length: "
              + length
              + "\r\n"
              + String.join("", List.of(headers))
              + "\r\n";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      socket.getOutputStream().write(body, 0, sent);
    };
  }

  /** Waits until the client closes the connection. */
  static void hold(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    while (in.read() >= 0) {
      // Ignores what comes.
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(new BufferedInputStream(socket.getInputStream()));
      requests.add(request);
      Reply reply = replies.poll();
      (reply == null ? last : reply).answer(request, socket);
      socket.getOutputStream().flush();
      socket.shutdownOutput();
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private static Request read(InputStream in) throws IOException {
    List<String> line = Splitter.on(' ').splitToList(line(in));
    if (line.size() < 2) {
      throw new IOException("no request");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(
        line.get(0), line.get(1), headers, new String(in.readNBytes(length), ISO_8859_1));
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
