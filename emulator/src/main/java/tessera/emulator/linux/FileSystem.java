package tessera.emulator.linux;

import java.util.List;

/// What a program's paths lead to. Whoever runs it decides; every method may throw [Refused].
///
/// Paths begin with `/` and hold no `.`, `..` or empty part.
public interface FileSystem {

  /// How a file is to be opened.
  record Opening(
      boolean read,
      boolean write,
      boolean create,
      boolean exclusive,
      boolean truncate,
      boolean follow,
      int permissions) {}

  /// An entry of a directory.
  record Entry(String name, Status.Kind kind, long identity) {}

  /// {@return the regular file at a path}
  OpenFile open(String path, Opening how);

  /// {@return what is at a path}
  ///
  /// @param follow go on where a symbolic link leads
  Status status(String path, boolean follow);

  /// {@return whether what is at a path may be written}
  boolean isWritable(String path);

  /// {@return where a symbolic link leads}
  String link(String path);

  /// {@return what a directory holds, by name}
  List<Entry> list(String path);

  void makeDirectory(String path, int permissions);

  /// Removes a file or, if `directory`, an empty directory.
  void remove(String path, boolean directory);

  void rename(String from, String to);

  /// {@return one without files}
  static FileSystem none() {
    return new NoFiles();
  }
}
