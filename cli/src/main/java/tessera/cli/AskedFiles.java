package tessera.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tessera.assembler.Sources;
import tessera.elf.Bytes;
import tessera.isaspec.diagnostic.Source;

/// The files that assembly texts may ask for: those that lie, links followed, under the current
/// folder, under the folder of a text given, or under a folder of `-I`. A text is not trusted, so
/// no other file of the host gets into what is made of it.
final class AskedFiles implements Sources {
  private static final long LARGEST = 256L << 20;

  private final Terminal terminal;
  private final List<String> searched;
  private final List<Path> roots = new ArrayList<>();

  private AskedFiles(Terminal terminal, List<String> searched) {
    this.terminal = terminal;
    this.searched = searched;
  }

  /// {@return the files for these texts}
  ///
  /// @param folders of `-I`
  static AskedFiles of(Terminal terminal, List<Source> texts, List<String> folders) {
    AskedFiles files = new AskedFiles(terminal, List.copyOf(folders));
    files.addRoot("");
    texts.forEach(text -> files.addRoot(folder(text)));
    folders.forEach(files::addRoot);
    return files;
  }

  private static String folder(Source text) {
    int slash = text.name().lastIndexOf('/');
    return slash < 0 ? "" : text.name().substring(0, slash + 1);
  }

  private void addRoot(String folder) {
    try {
      roots.add(terminal.path(folder).toRealPath());
    } catch (IOException | InvalidPathException e) {
      // a folder that is not there holds no file either
    }
  }

  @Override
  public Answer find(String name, Source from) {
    List<String> places = new ArrayList<>();
    places.add("");
    places.add(folder(from));
    searched.forEach(folder -> places.add(folder.endsWith("/") ? folder : folder + "/"));
    for (String place : places) {
      String candidate = name.startsWith("/") ? name : place + name;
      try {
        Path path = terminal.path(candidate);
        if (Files.isRegularFile(path)) {
          return read(path, candidate);
        }
      } catch (IOException | InvalidPathException e) {
        return new Answer.Refused("can not be read", "is it a file, and may you read it?");
      }
    }
    return new Answer.Refused("is not there", "name the folder that it is in with -I DIR");
  }

  private Answer read(Path path, String name) throws IOException {
    Path real = path.toRealPath();
    if (roots.stream().noneMatch(real::startsWith)) {
      return new Answer.Refused(
          "lies outside of the folders that this text may read",
          "allow its folder with -I DIR, if you trust the text");
    }
    if (Files.size(real) > LARGEST) {
      return new Answer.Refused("is larger than 256 MiB", "take a part of it");
    }
    return new Answer.Found(name, Bytes.wrap(Files.readAllBytes(real)));
  }
}
