package tessera.elf;

import java.util.Optional;

/// Reads a file.
///
/// The bytes are not trusted. Every offset, size and index is checked before it is used, and the
/// memory that reading takes is at most a small multiple of the file's length: contents are slices
/// of it, and names, symbols and relocations are charged against it.
public final class ElfReader {
  /// The most bytes of memory one segment or section may ask for. What a machine really has is for
  /// its loader to say, see [Elf#loadedSize].
  public static final long MOST_MEMORY = 1L << 40;

  private ElfReader() {}

  /// Reads a whole file. It never throws, whatever the bytes are.
  ///
  /// @param file the bytes of the file, which must not be written to as long as the result is used
  public static ElfResult<Elf> read(byte[] file) {
    return read(Bytes.wrap(file));
  }

  /// Reads a whole file. It never throws, whatever the bytes are.
  public static ElfResult<Elf> read(Bytes bytes) {
    var problems = new Problems();
    var file = new FileBytes(bytes, problems);
    return ElfHeader.read(bytes, problems)
        .flatMap(header -> read(header, file))
        .<ElfResult<Elf>>map(ElfResult.Ok::new)
        .orElseGet(problems::failed);
  }

  private static Optional<Elf> read(ElfHeader header, FileBytes file) {
    var segments = new SegmentReader(header, file).segments();
    var headers = SectionHeader.readAll(header, file);
    if (!file.problems.isEmpty()) {
      return Optional.empty();
    }
    var reader = new SectionReader(header, headers, file);
    var symbols = reader.symbols();
    var relocations = reader.relocations(symbols.size());
    var sections = reader.sections(relocations);
    return file.problems.isEmpty()
        ? Optional.of(
            new Elf(header.type(), header.entry(), header.flags(), sections, segments, symbols))
        : Optional.empty();
  }
}
