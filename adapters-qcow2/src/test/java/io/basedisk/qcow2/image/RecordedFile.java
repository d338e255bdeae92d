package io.basedisk.qcow2.image;

import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * A record of the writes to an image file, in order, split at each sync. A power cut keeps all
 * writes before the last sync, and any subset of the writes after it. It also counts the bytes
 * read.
 */
public final class RecordedFile {

  /** One write. */
  public static final class Write {

    private final long at;
    private final byte[] bytes;

    private Write(long at, byte[] bytes) {
      this.at = at;
      this.bytes = bytes;
    }

    /** Returns the content of a file after this write. */
    public byte[] applyTo(byte[] file) {
      byte[] result = Arrays.copyOf(file, Math.max(file.length, (int) at + bytes.length));
      System.arraycopy(bytes, 0, result, (int) at, bytes.length);
      return result;
    }
  }

  private final List<List<Write>> parts = new ArrayList<>(List.of(new ArrayList<>()));
  private long bytesRead;

  /** Opens a file for reading and writing, and records both. */
  public ImageFile open(Path path) throws IOException {
    AsynchronousFileChannel file =
        AsynchronousFileChannel.open(
            path,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE),
            MoreExecutors.newDirectExecutorService());
    return new ImageFile(path, null, new Recorder(file));
  }

  /** Returns the writes, split at each sync. */
  public List<List<Write>> parts() {
    return parts;
  }

  /**
   * Returns the number of requested bytes, including those beyond the end of the file. Repeated
   * reads count each time.
   */
  public long bytesRead() {
    return bytesRead;
  }

  private final class Recorder extends AsynchronousFileChannel {

    private final AsynchronousFileChannel file;

    Recorder(AsynchronousFileChannel file) {
      this.file = file;
    }

    @Override
    public Future<Integer> write(ByteBuffer source, long at) {
      byte[] bytes = new byte[source.remaining()];
      source.duplicate().get(bytes);
      parts.get(parts.size() - 1).add(new Write(at, bytes));
      return file.write(source, at);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      parts.add(new ArrayList<>());
      file.force(metaData);
    }

    @Override
    public Future<Integer> read(ByteBuffer target, long at) {
      bytesRead += target.remaining();
      return file.read(target, at);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }

    // Never called.

    @Override
    public AsynchronousFileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A> void lock(
        long at,
        long size,
        boolean shared,
        A attachment,
        CompletionHandler<FileLock, ? super A> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<FileLock> lock(long at, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A> void read(
        ByteBuffer target, long at, A attachment, CompletionHandler<Integer, ? super A> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <A> void write(
        ByteBuffer source, long at, A attachment, CompletionHandler<Integer, ? super A> to) {
      throw new UnsupportedOperationException();
    }
  }
}
