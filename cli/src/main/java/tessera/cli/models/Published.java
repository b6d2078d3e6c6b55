package tessera.cli.models;

/// A file inside a package that the npm registry keeps.
///
/// @param npmPackage the package
/// @param version its version
/// @param path the file's path inside the package
/// @param sha256 the file's SHA-256 in lower-case hexadecimal digits
public record Published(String npmPackage, String version, String path, String sha256) {

  /// {@return the file's own name}
  public String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// {@return the package as its client wants it named}
  public String coordinates() {
    return npmPackage + "@" + version;
  }
}
