package tessera.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Source;
import tessera.isaspec.diagnostic.Suggestion;

/// Files that a user named, read whole.
final class InputFile {
  private static final long LARGEST = Integer.MAX_VALUE - 8L;
  private static final int LARGEST_TEXT = 64 << 20;

  private InputFile() {}

  /// {@return the file's bytes}
  ///
  /// @throws Failure when it is not there or cannot be read
  static byte[] bytes(Terminal terminal, String name) {
    Path path = path(terminal, name);
    try {
      if (Files.isDirectory(path)) {
        throw failure(ExitCode.NO_SUCH_FILE, "not-a-file", name, "is a directory");
      }
      if (Files.size(path) > LARGEST) {
        throw failure(ExitCode.BAD_INPUT, "too-large", name, "is larger than 2 GiB");
      }
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw missing(path, name);
    } catch (AccessDeniedException e) {
      throw failure(ExitCode.NO_SUCH_FILE, "no-access", name, "may not be read");
    } catch (IOException e) {
      throw failure(ExitCode.NO_SUCH_FILE, "unreadable", name, String.valueOf(e.getMessage()));
    }
  }

  /// {@return the file as a text that diagnostics can point into}
  ///
  /// @throws Failure when it cannot be read or is no UTF-8
  static Source text(Terminal terminal, String name) {
    byte[] bytes = bytes(terminal, name);
    if (bytes.length > LARGEST_TEXT) {
      throw failure(ExitCode.BAD_INPUT, "too-large", name, "is larger than 64 MiB of text");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Source(name, text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw failure(ExitCode.BAD_INPUT, "not-utf8", name, "is no UTF-8 text");
    }
  }

  /// {@return whether the user's word names a file that is there}
  static boolean exists(Terminal terminal, String name) {
    try {
      return Files.isRegularFile(terminal.path(name));
    } catch (InvalidPathException e) {
      return false; // nothing can have this name
    }
  }

  /// {@return whether the user's word names something that is there and is no file: a folder, a
  /// device}
  static boolean isOther(Terminal terminal, String name) {
    try {
      return Files.exists(terminal.path(name)) && !Files.isRegularFile(terminal.path(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Path path(Terminal terminal, String name) {
    try {
      return terminal.path(name);
    } catch (InvalidPathException e) {
      throw failure(ExitCode.NO_SUCH_FILE, "no-such-file", name, "is no name a file can have");
    }
  }

  private static Failure missing(Path path, String name) {
    Diagnostic diagnostic = Diagnostic.error("no-such-file", null, "'" + name + "' is not there");
    String near = neighbour(path);
    return Failure.of(
        ExitCode.NO_SUCH_FILE,
        near == null ? diagnostic : diagnostic.help("did you mean '" + near + "'?"));
  }

  /// {@return the name in the same folder that was probably meant, or null}
  static @Nullable String neighbour(Terminal terminal, String name) {
    return neighbour(path(terminal, name));
  }

  private static @Nullable String neighbour(Path path) {
    Path folder = path.getParent();
    Path last = path.getFileName();
    if (folder == null || last == null || !Files.isDirectory(folder)) {
      return null;
    }
    try (Stream<Path> siblings = Files.list(folder)) {
      List<String> names = siblings.limit(10_000).map(p -> p.getFileName().toString()).toList();
      return Suggestion.nearest(last.toString(), names);
    } catch (IOException e) {
      return null;
    }
  }

  private static Failure failure(ExitCode exit, String code, String name, String what) {
    return Failure.of(exit, code, "'" + name + "' " + what);
  }
}
