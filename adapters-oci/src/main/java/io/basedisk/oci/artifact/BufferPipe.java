package io.basedisk.oci.artifact;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Buffers that go from one thread to another and back. Their number limits the memory. */
final class BufferPipe {

  private static final int BUFFERS = 8;
  private static final int BYTES = 256 << 10;

  private final BlockingQueue<ByteBuffer> empty = new LinkedBlockingQueue<>();
  private final BlockingQueue<ByteBuffer> full = new LinkedBlockingQueue<>();

  BufferPipe() {
    for (int i = 0; i < BUFFERS; i++) {
      empty.add(ByteBuffer.allocateDirect(BYTES));
    }
  }

  /** {@return an empty buffer to fill} Blocks until there is one. */
  ByteBuffer takeEmpty() throws InterruptedException {
    return empty.take().clear();
  }

  /** Sends a buffer: its bytes from the position to the limit. */
  void send(ByteBuffer buffer) {
    if (buffer.hasRemaining()) {
      full.add(buffer);
    } else {
      empty.add(buffer);
    }
  }

  /** Tells the receiver that nothing more comes. */
  void end() {
    full.add(ByteBuffer.allocate(0));
  }

  /** {@return the next buffer; one without bytes at the end} Blocks until there is one. */
  ByteBuffer take() throws InterruptedException {
    return full.take();
  }

  void recycle(ByteBuffer buffer) {
    empty.add(buffer);
  }
}
