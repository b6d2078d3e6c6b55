package tessera.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tessera.emulator.linux.Errno;
import tessera.emulator.linux.FileSystem;
import tessera.emulator.linux.OpenFile;
import tessera.emulator.linux.Refused;
import tessera.emulator.linux.Status;

/// The folders that a user gives to a Linux program with `--mount`, and nothing else.
///
/// A path is resolved on the host, symbolic links and all, and what it leads to has to lie in the
/// folder; then it is opened by that name without following another link. Only regular files and
/// folders are there. What has several names (hard links) can not be written: one of them may lie
/// outside.
final class HostFiles implements FileSystem {
  private static final long ROOT = 1;

  /// A folder of the host.
  ///
  /// @param guest where the program finds it, without a slash at the end
  /// @param host its real path
  record Mount(String guest, Path host, boolean writable) {}

  /// Where a path leads.
  private record Place(Mount mount, Path path) {}

  private final List<Mount> mounts;
  private final Map<Object, Long> identities = new HashMap<>();

  private HostFiles(List<Mount> mounts) {
    this.mounts = mounts;
  }

  /// {@return the folders that the options name}
  ///
  /// @throws Failure when one is not there or not written as it should be
  static FileSystem of(List<String> options, Terminal terminal) {
    if (options.isEmpty()) {
      return FileSystem.none();
    }
    List<Mount> mounts = new ArrayList<>();
    options.forEach(option -> mounts.add(mount(option, terminal)));
    mounts.sort(Comparator.comparingInt((Mount m) -> m.guest.length()).reversed());
    return new HostFiles(mounts);
  }

  private static Mount mount(String option, Terminal terminal) {
    boolean writable = option.endsWith(":rw");
    boolean marked = writable || option.endsWith(":ro");
    String rest = marked ? option.substring(0, option.length() - 3) : option;
    int colon = rest.lastIndexOf(':');
    String guest = rest.substring(colon + 1);
    if (colon <= 0 || !guest.startsWith("/") || !guest.equals(normal(guest))) {
      throw Failure.of(
          ExitCode.USAGE,
          "bad-mount",
          "option '--mount' got '" + option + "'",
          "write --mount HOST:/GUEST, and :rw behind it to let the program write");
    }
    try {
      Path host = terminal.path(rest.substring(0, colon)).toRealPath();
      if (Files.isDirectory(host)) {
        return new Mount(guest.equals("/") ? "" : guest, host, writable);
      }
    } catch (IOException | InvalidPathException e) {
      // said below
    }
    throw Failure.of(
        ExitCode.NO_SUCH_FILE,
        "no-such-folder",
        "'" + rest.substring(0, colon) + "' is no folder, and '--mount' wants one");
  }

  private static String normal(String path) {
    return Path.of(path).normalize().toString();
  }

  // ------------------------------------------------------------------ where a path leads

  /// {@return the real place of a path; its last part need not be there, and is not followed}
  private Place place(String path) {
    Mount mount = mountOf(path);
    if (mount == null) {
      throw new Refused(Errno.ENOENT);
    }
    try {
      String below = path.substring(mount.guest.length());
      Path host = mount.host.resolve(below.isEmpty() ? "" : below.substring(1));
      if (host.equals(mount.host)) {
        return new Place(mount, host);
      }
      Path folder = host.getParent();
      Path name = host.getFileName();
      if (folder == null || name == null) {
        throw new Refused(Errno.ENOENT);
      }
      return new Place(mount, inside(mount, folder.toRealPath()).resolve(name));
    } catch (InvalidPathException e) {
      throw new Refused(Errno.ENOENT);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private @Nullable Mount mountOf(String path) {
    for (Mount m : mounts) {
      if (path.equals(m.guest) || path.startsWith(m.guest + "/")) {
        return m;
      }
    }
    return null;
  }

  private static Path inside(Mount mount, Path real) {
    if (!real.startsWith(mount.host)) {
      throw new Refused(Errno.EACCES);
    }
    return real;
  }

  /// {@return the same place behind its symbolic links}
  private static Place followed(Place place) {
    if (!Files.exists(place.path, LinkOption.NOFOLLOW_LINKS)) {
      return place;
    }
    try {
      return new Place(place.mount, inside(place.mount, place.path.toRealPath()));
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /// {@return whether folders are mounted below a path}
  private boolean isAboveMount(String path) {
    String start = path.equals("/") ? "/" : path + "/";
    return mounts.stream().anyMatch(m -> m.guest.startsWith(start));
  }

  private static Place writable(Place place) {
    if (!place.mount.writable) {
      throw new Refused(Errno.EROFS);
    }
    return place;
  }

  private static Refused refused(IOException e) {
    return new Refused(
        switch (e) {
          case NoSuchFileException _ -> Errno.ENOENT;
          case FileAlreadyExistsException _ -> Errno.EEXIST;
          case AccessDeniedException _ -> Errno.EACCES;
          case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
          case FileSystemException f when String.valueOf(f.getReason()).contains("Not a dir") ->
              Errno.ENOTDIR;
          case FileSystemException f when String.valueOf(f.getReason()).contains("symbolic link") ->
              Errno.ELOOP;
          default -> Errno.EIO;
        });
  }

  // ------------------------------------------------------------------ files

  @Override
  public OpenFile open(String path, Opening how) {
    Place place = place(path);
    boolean there = Files.exists(place.path, LinkOption.NOFOLLOW_LINKS);
    if (there && how.create() && how.exclusive()) {
      throw new Refused(Errno.EEXIST);
    }
    if (how.write() || how.create() && !there) {
      writable(place);
    }
    place = how.follow() ? followed(place) : place;
    if (there) {
      requireRegular(place.path, how);
    } else if (!how.create()) {
      throw new Refused(Errno.ENOENT);
    }
    try {
      FileChannel channel = FileChannel.open(place.path, options(how, there));
      return new Open(channel, place.path);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static Set<OpenOption> options(Opening how, boolean there) {
    Set<OpenOption> options = new HashSet<>();
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (how.read()) {
      options.add(StandardOpenOption.READ);
    }
    if (how.write() || how.create() && !there) {
      options.add(StandardOpenOption.WRITE);
    }
    if (how.create() && !there) {
      options.add(StandardOpenOption.CREATE_NEW);
    }
    if (how.truncate() && how.write()) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    return options;
  }

  private static void requireRegular(Path path, Opening how) {
    try {
      BasicFileAttributes a = attributes(path);
      if (a.isSymbolicLink()) {
        throw new Refused(Errno.ELOOP);
      }
      if (!a.isRegularFile()) {
        throw new Refused(a.isDirectory() ? Errno.EISDIR : Errno.EACCES);
      }
      Object names = Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
      if (how.write() && names instanceof Integer n && n > 1) {
        throw new Refused(Errno.EACCES);
      }
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Status status(String path, boolean follow) {
    if (mountOf(path) == null && isAboveMount(path) || path.equals("/") && mountOf("") == null) {
      return new Status(Status.Kind.DIRECTORY, 0555, 0, ROOT, 0, 0);
    }
    Place place = place(path);
    return status(follow ? followed(place).path : place.path);
  }

  private Status status(Path path) {
    try {
      BasicFileAttributes a = attributes(path);
      Object key = a.fileKey();
      long identity =
          identities.computeIfAbsent(key == null ? path : key, _ -> 2L + identities.size());
      Instant changed = a.lastModifiedTime().toInstant();
      long seconds = changed.getEpochSecond();
      int nanoseconds = changed.getNano();
      return new Status(kind(a), permissions(path), a.size(), identity, seconds, nanoseconds);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  private static Status.Kind kind(BasicFileAttributes a) {
    return a.isDirectory()
        ? Status.Kind.DIRECTORY
        : a.isSymbolicLink()
            ? Status.Kind.LINK
            : a.isRegularFile() ? Status.Kind.REGULAR : Status.Kind.DEVICE;
  }

  private static int permissions(Path path) throws IOException {
    int bits = 0;
    for (PosixFilePermission p : Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)) {
      bits |= 0400 >> p.ordinal();
    }
    return bits;
  }

  private static Set<PosixFilePermission> permissions(int bits) {
    Set<PosixFilePermission> all = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission p : PosixFilePermission.values()) {
      if ((bits & 0400 >> p.ordinal()) != 0) {
        all.add(p);
      }
    }
    return all;
  }

  @Override
  public boolean isWritable(String path) {
    return mountOf(path) != null && place(path).mount.writable;
  }

  @Override
  public String link(String path) {
    try {
      return Files.readSymbolicLink(place(path).path).toString();
    } catch (java.nio.file.NotLinkException e) {
      throw new Refused(Errno.EINVAL);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  @Override
  public List<Entry> list(String path) {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry(".", Status.Kind.DIRECTORY, ROOT));
    entries.add(new Entry("..", Status.Kind.DIRECTORY, ROOT));
    if (mountOf(path.equals("/") ? "" : path) == null) {
      String start = path.equals("/") ? "/" : path + "/";
      mounts.stream()
          .filter(m -> m.guest.startsWith(start))
          .map(m -> m.guest.substring(start.length()).split("/", -1)[0])
          .distinct()
          .sorted()
          .forEach(name -> entries.add(new Entry(name, Status.Kind.DIRECTORY, ROOT)));
      return entries;
    }
    try (Stream<Path> children = Files.list(followed(place(path)).path)) {
      for (Path child : children.sorted().toList()) {
        Status status = status(child);
        Path name = child.getFileName();
        entries.add(new Entry(String.valueOf(name), status.kind(), status.identity()));
      }
      return entries;
    } catch (IOException e) {
      throw refused(e);
    }
  }

  @Override
  public void makeDirectory(String path, int permissions) {
    try {
      Path made = Files.createDirectory(writable(place(path)).path);
      Files.setPosixFilePermissions(made, permissions(permissions & ~022));
    } catch (IOException e) {
      throw refused(e);
    }
  }

  @Override
  public void remove(String path, boolean directory) {
    Place place = writable(place(path));
    if (place.path.equals(place.mount.host)) {
      throw new Refused(Errno.EACCES);
    }
    try {
      boolean isDirectory = attributes(place.path).isDirectory();
      if (isDirectory != directory) {
        throw new Refused(directory ? Errno.ENOTDIR : Errno.EISDIR);
      }
      Files.delete(place.path);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  @Override
  public void rename(String from, String to) {
    Place source = writable(place(from));
    Place target = writable(place(to));
    if (!source.mount.equals(target.mount)) {
      throw new Refused(Errno.EXDEV);
    }
    if (source.path.equals(source.mount.host) || target.path.equals(target.mount.host)) {
      throw new Refused(Errno.EACCES);
    }
    try {
      Files.move(
          source.path,
          target.path,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /// A regular file that is open.
  private final class Open implements OpenFile {
    private final FileChannel channel;
    private final Path path;

    Open(FileChannel channel, Path path) {
      this.channel = channel;
      this.path = path;
    }

    @Override
    public int read(long at, byte[] to, int offset, int length) {
      try {
        return Math.max(0, channel.read(ByteBuffer.wrap(to, offset, length), at));
      } catch (IOException e) {
        throw refused(e);
      }
    }

    @Override
    public int write(long at, byte[] from, int offset, int length) {
      try {
        return channel.write(ByteBuffer.wrap(from, offset, length), at);
      } catch (IOException e) {
        throw new Refused(Errno.ENOSPC);
      }
    }

    @Override
    public void truncate(long size) {
      try {
        long now = channel.size();
        if (size < now) {
          channel.truncate(size);
        } else if (size > now) {
          channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
        }
      } catch (IOException e) {
        throw new Refused(Errno.EFBIG);
      }
    }

    @Override
    public Status status() {
      return HostFiles.this.status(path);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw refused(e);
      }
    }
  }
}
