package tessera.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// A buffered stream that remembers why writing failed, which a PrintStream forgets.
final class Sink extends OutputStream {
  private final OutputStream target;
  private final byte[] buffer = new byte[8192];
  private int held;
  private @Nullable IOException failure;

  Sink(OutputStream target) {
    this.target = target;
  }

  /// {@return why the first write that failed did so, or null}
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public void write(int b) throws IOException {
    if (held == buffer.length) {
      drain();
    }
    buffer[held++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (length > buffer.length - held) {
      drain();
    }
    if (length > buffer.length) {
      send(bytes, from, length);
    } else {
      System.arraycopy(bytes, from, buffer, held, length);
      held += length;
    }
  }

  @Override
  public void flush() throws IOException {
    drain();
  }

  private void drain() throws IOException {
    int length = held;
    held = 0;
    if (length > 0) {
      send(buffer, 0, length);
    }
  }

  private void send(byte[] bytes, int from, int length) throws IOException {
    try {
      target.write(bytes, from, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }
}
