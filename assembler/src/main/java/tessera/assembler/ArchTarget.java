package tessera.assembler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tessera.elf.Arch;
import tessera.elf.Attributes;
import tessera.elf.Elf;
import tessera.isaspec.Isa;

/// What an object says of the machine that it is for: the ISA string with versions, and the flags
/// of the header, as GNU as 2.40 writes them (`-misa-spec=20191213`).
record ArchTarget(Arch arch) {
  /// The versions of the ratified manuals; all others are 1.0.
  private static final Map<String, Arch.Version> VERSIONS =
      Map.of(
          "i", new Arch.Version(2, 1),
          "m", new Arch.Version(2, 0),
          "a", new Arch.Version(2, 1),
          "f", new Arch.Version(2, 2),
          "d", new Arch.Version(2, 2),
          "c", new Arch.Version(2, 0),
          "zicsr", new Arch.Version(2, 0),
          "zifencei", new Arch.Version(2, 0),
          "zihintpause", new Arch.Version(2, 0));

  private static final Arch.Version FIRST = new Arch.Version(1, 0);

  private static final Map<String, String> PARTS =
      Map.of("zca", "c", "zcd", "c", "zaamo", "a", "zalrsc", "a");

  /// What an extension brings along.
  private static final Map<String, List<String>> IMPLIED =
      Map.ofEntries(
          Map.entry("m", List.of("zmmul")),
          Map.entry("f", List.of("zicsr")),
          Map.entry("d", List.of("f")),
          Map.entry("zfh", List.of("zfhmin")),
          Map.entry("zfhmin", List.of("f")),
          Map.entry("v", List.of("zve64d", "zvl128b")),
          Map.entry("zve64d", List.of("d", "zve64f")),
          Map.entry("zve64f", List.of("zve32f", "zve64x")),
          Map.entry("zve32f", List.of("f", "zve32x")),
          Map.entry("zve64x", List.of("zve32x", "zvl64b")),
          Map.entry("zve32x", List.of("zvl32b")),
          Map.entry("zvl128b", List.of("zvl64b")),
          Map.entry("zvl64b", List.of("zvl32b")));

  /// {@return the target of an ISA}
  static ArchTarget of(Isa isa) {
    Arch arch = Arch.parse(isa.name()).orElseGet(() -> new Arch(64, List.of()));
    // The parts of A and C were named later, and linkers of that time refuse the names.
    return of(
        new Arch(
            arch.xlen(),
            arch.extensions().stream()
                .filter(e -> !arch.find(PARTS.getOrDefault(e.name(), "")).isPresent())
                .toList()));
  }

  /// {@return the target of an ISA string, completed as GNU as does it}
  static ArchTarget of(Arch arch) {
    Map<String, Arch.Extension> all = new LinkedHashMap<>();
    arch.extensions().forEach(e -> add(e, all));
    return new ArchTarget(new Arch(arch.xlen(), List.copyOf(all.values())).canonical());
  }

  private static void add(Arch.Extension extension, Map<String, Arch.Extension> all) {
    String name = extension.name();
    if (name.equals("g")) {
      List.of("i", "m", "a", "f", "d", "zicsr", "zifencei").forEach(n -> add(named(n), all));
      return;
    }
    all.putIfAbsent(
        name, new Arch.Extension(name, extension.version().or(() -> Optional.of(version(name)))));
    for (String implied : IMPLIED.getOrDefault(name, List.of())) {
      if (!all.containsKey(implied)) {
        add(named(implied), all);
      }
    }
  }

  private static Arch.Extension named(String name) {
    return new Arch.Extension(name, Optional.empty());
  }

  private static Arch.Version version(String name) {
    return VERSIONS.getOrDefault(name, FIRST);
  }

  /// {@return this with one extension more, and what that brings along}
  ArchTarget with(String name) {
    List<Arch.Extension> all = new ArrayList<>(arch.extensions());
    all.add(named(name));
    return of(new Arch(arch.xlen(), all));
  }

  /// {@return this without one extension}
  ArchTarget without(String name) {
    return new ArchTarget(
        new Arch(
            arch.xlen(), arch.extensions().stream().filter(e -> !e.name().equals(name)).toList()));
  }

  boolean has(String name) {
    return arch.find(name).isPresent();
  }

  /// {@return whether there are instructions of 2 bytes}
  boolean compressed() {
    return has("c") || has("zca");
  }

  /// {@return the flags of the ELF header}
  int flags() {
    return (compressed() ? Elf.RVC : 0) | (has("d") ? Elf.FLOAT_ABI_DOUBLE : 0);
  }

  /// {@return the attributes, with more that the text asks for}
  Attributes attributes(List<Attributes.Attribute> more) {
    Attributes attributes =
        new Attributes(List.of(new Attributes.Attribute.Text(Attributes.ARCH, arch.toString())));
    for (Attributes.Attribute attribute : more) {
      attributes = attributes.with(attribute);
    }
    return new Attributes(
        attributes.entries().stream()
            .sorted(Comparator.comparingInt(Attributes.Attribute::tag))
            .toList());
  }
}
