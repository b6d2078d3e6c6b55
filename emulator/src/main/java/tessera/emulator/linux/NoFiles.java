package tessera.emulator.linux;

import java.util.List;

/// An empty root directory that can not be written.
final class NoFiles implements FileSystem {
  @Override
  public OpenFile open(String path, Opening how) {
    throw new Refused(path.equals("/") ? Errno.EISDIR : how.create() ? Errno.EROFS : Errno.ENOENT);
  }

  @Override
  public Status status(String path, boolean follow) {
    if (path.equals("/")) {
      return new Status(Status.Kind.DIRECTORY, 0555, 0, 1, 0, 0);
    }
    throw new Refused(Errno.ENOENT);
  }

  @Override
  public boolean isWritable(String path) {
    return false;
  }

  @Override
  public String link(String path) {
    throw new Refused(path.equals("/") ? Errno.EINVAL : Errno.ENOENT);
  }

  @Override
  public List<Entry> list(String path) {
    status(path, true);
    return List.of();
  }

  @Override
  public void makeDirectory(String path, int permissions) {
    throw new Refused(Errno.EROFS);
  }

  @Override
  public void remove(String path, boolean directory) {
    throw new Refused(Errno.EROFS);
  }

  @Override
  public void rename(String from, String to) {
    throw new Refused(Errno.EROFS);
  }
}
