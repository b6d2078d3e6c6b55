package tessera.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Set;

/// Files that Tessera writes: whole, or not at all.
final class OutputFile {
  private static final String ENDING = ".tessera-tmp";

  private OutputFile() {}

  /// Writes the file.
  ///
  /// @throws Failure when it cannot be created or written
  static void write(Terminal terminal, String name, byte[] bytes) {
    write(terminal, name, bytes, false);
  }

  /// Writes the file so that it may be executed by those who may read it.
  ///
  /// @throws Failure when it cannot be created or written
  static void writeExecutable(Terminal terminal, String name, byte[] bytes) {
    write(terminal, name, bytes, true);
  }

  private static void write(Terminal terminal, String name, byte[] bytes, boolean executable) {
    if (name.equals("-")) {
      terminal.out().write(bytes, 0, bytes.length);
      return;
    }
    Path target = terminal.path(name);
    try {
      // A name like /dev/stdout or a link stays what it is; its target is written.
      Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
      if (Files.isDirectory(real)) {
        throw cannot(ExitCode.CANNOT_CREATE, name, "it is a directory");
      }
      if (Files.exists(real) && !Files.isRegularFile(real)) {
        direct(real, name, bytes);
      } else {
        whole(real, name, bytes, executable);
      }
    } catch (IOException e) {
      throw cannot(ExitCode.CANNOT_CREATE, name, reason(e));
    }
  }

  private static void direct(Path target, String name, byte[] bytes) {
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
      out.write(bytes);
    } catch (IOException e) {
      throw cannot(ExitCode.CANNOT_WRITE, name, reason(e));
    }
  }

  /// Writes beside the target and renames, so that no reader and no crash ever sees a part.
  private static void whole(Path target, String name, byte[] bytes, boolean executable)
      throws IOException {
    sweep(target);
    Path part = beside(target, ProcessHandle.current().pid());
    // Created here and not by createTempFile, whose files only their owner may read.
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      try {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
        permit(part, target, executable);
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        Files.deleteIfExists(part);
        throw cannot(ExitCode.CANNOT_WRITE, name, reason(e));
      }
    }
  }

  private static void permit(Path part, Path target, boolean executable) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(part, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> wanted =
        new HashSet<>(
            Files.exists(target)
                ? Files.getPosixFilePermissions(target)
                : view.readAttributes().permissions());
    if (executable) {
      for (String who : new String[] {"OWNER", "GROUP", "OTHERS"}) {
        if (wanted.contains(PosixFilePermission.valueOf(who + "_READ"))) {
          wanted.add(PosixFilePermission.valueOf(who + "_EXECUTE"));
        }
      }
    }
    view.setPermissions(wanted);
  }

  /// Removes the parts that processes left behind which were killed while they wrote this file.
  private static void sweep(Path target) throws IOException {
    String start = "." + target.getFileName() + ".";
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(folder(target), p -> isPart(p, start))) {
      for (Path part : parts) {
        String file = part.getFileName().toString();
        long pid = Long.parseLong(file.substring(start.length(), file.length() - ENDING.length()));
        if (pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty()) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  private static boolean isPart(Path path, String start) {
    String file = path.getFileName().toString();
    return file.startsWith(start)
        && file.endsWith(ENDING)
        && file.length() > start.length() + ENDING.length()
        && file.substring(start.length(), file.length() - ENDING.length())
            .chars()
            .allMatch(c -> c >= '0' && c <= '9')
        && file.length() < start.length() + ENDING.length() + 18;
  }

  private static Path beside(Path target, long pid) {
    return target.resolveSibling("." + target.getFileName() + "." + pid + ENDING);
  }

  private static Path folder(Path target) {
    Path folder = target.getParent();
    return folder == null ? target.getFileSystem().getPath(".") : folder;
  }

  /// {@return why a file cannot be written, for a person}
  static String reason(Exception e) {
    if (e instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason();
    }
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> "the folder is not there";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static Failure cannot(ExitCode exit, String name, String why) {
    String code = exit == ExitCode.CANNOT_CREATE ? "cannot-create" : "cannot-write";
    return Failure.of(exit, code, "'" + name + "' cannot be written: " + why);
  }
}
