package tessera.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.elf.Arch;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.elf.Segment;
import tessera.elf.SymbolTable;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;
import tessera.isaspec.VectorNames;
import tessera.isaspec.diagnostic.Diagnostic;

/// Puts a program into an address space, or says all that keeps it from running there.
final class Loader {
  private static final long MIB = 1L << 20;
  private static final long PAGE = Memory.PAGE;

  // What an ISA string may say in other words, of the base
  private static final Set<String> OF_I = Set.of("e", "zifencei");

  private final Isa isa;
  private final Platform platform;
  private final Elf elf;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final List<Region> regions = new ArrayList<>();

  private Loader(Isa isa, Platform platform, Elf elf) {
    this.isa = isa;
    this.platform = platform;
    this.elf = elf;
  }

  /// A program in memory.
  ///
  /// @param stack where the stack ends
  /// @param heap the heap's first byte
  /// @param heapEnd the byte after its last
  record Loaded(Memory memory, long stack, long heap, long heapEnd, List<Diagnostic> problems) {}

  /// {@return the address space with the program in it; without it where there are problems}
  ///
  /// @param devices what else lies in the address space
  static Loaded load(Isa isa, Platform platform, Elf elf, List<Region> devices) {
    Loader loader = new Loader(isa, platform, elf);
    return loader.load(devices);
  }

  /// {@return all that keeps a program from running here, whatever lies where}
  ///
  /// @param anywhere a program for any address may run as well
  static List<Diagnostic> problems(Isa isa, Platform platform, Elf elf, boolean anywhere) {
    Loader loader = new Loader(isa, platform, elf);
    loader.checkKind(anywhere);
    loader.checkArch();
    return loader.problems;
  }

  private Loaded load(List<Region> devices) {
    regions.addAll(devices);
    checkKind(false);
    checkArch();
    long programEnd = programEnd();
    long ramEnd = Platform.RAM + platform.memory();
    long stack = Math.min(Math.max(Platform.STACK, align(programEnd, 16) + 16 * MIB), ramEnd & -16);
    long heap = Math.max(Platform.HEAP, align(programEnd, PAGE));
    long heapEnd = platform.strict() ? heap + MIB : stack - MIB;
    if (platform.strict()) {
      elf.loaded().forEach(this::addSegment);
      add("heap", Region.Kind.RAM, heap, MIB, Region.READ | Region.WRITE);
      add("stack", Region.Kind.RAM, stack - MIB, MIB, Region.READ | Region.WRITE);
    } else {
      int all = Region.READ | Region.WRITE | Region.EXECUTE;
      add("ram", Region.Kind.RAM, Platform.RAM, platform.memory(), all);
      elf.loaded().stream().filter(s -> !isInRam(s)).forEach(this::addSegment);
    }
    Memory memory = Memory.of(Platform.RAM, platform.memory(), platform.hostMemory());
    if (problems.isEmpty()) {
      regions.forEach(memory::map);
      elf.loaded().forEach(s -> fill(memory, s));
    }
    return new Loaded(memory, stack, heap, Math.max(heap, heapEnd), List.copyOf(problems));
  }

  // ------------------------------------------------------------------ may it run at all

  private void checkKind(boolean anywhere) {
    if (elf.hasInterpreter()) {
      problems.add(
          Diagnostic.error(
                  "elf-dynamic", null, "the program wants a dynamic linker, and there is none")
              .help("link with -static"));
    } else if (elf.type() != Elf.Type.EXEC && !(anywhere && elf.type() == Elf.Type.DYN)) {
      problems.add(
          Diagnostic.error(
                  "elf-type",
                  null,
                  "expected an executable for fixed addresses, got a file of type " + elf.type())
              .help("link it first"));
    } else if (elf.loaded().isEmpty()) {
      problems.add(
          Diagnostic.error("elf-empty", null, "the program has no segment to load")
              .help("link it with at least a .text section"));
    }
  }

  private void checkArch() {
    Arch arch = elf.arch().orElse(null);
    if (arch == null) {
      return;
    }
    if (arch.xlen() != 64) {
      problems.add(
          Diagnostic.error(
              "isa-missing",
              null,
              "the program is for RV" + arch.xlen() + ", this machine is RV64"));
      return;
    }
    long least = leastVectorLength(arch);
    long length = isa.machine().parameters().getOrDefault("VLEN", 0L);
    if (least > length && isa.has("V")) {
      problems.add(
          Diagnostic.error(
                  "isa-missing",
                  null,
                  "the program is made for a VLEN of at least "
                      + least
                      + ", this machine has "
                      + length)
              .help("--set VLEN=" + least));
    }
  }

  /// {@return the VLEN that a program relies on; 0: it says none}
  static long leastVectorLength(Arch arch) {
    return VectorNames.leastLength(arch.extensions().stream().map(Arch.Extension::name).toList());
  }

  /// {@return the names of extensions that a program was made for and an ISA does not have}
  ///
  /// A compiler writes down all that it may use. Whether the program does is seen when it runs.
  static List<String> lacking(Isa isa, Elf elf) {
    return elf.arch().stream()
        .flatMap(arch -> arch.extensions().stream())
        .map(Arch.Extension::name)
        .filter(name -> !has(isa, name))
        .toList();
  }

  private static boolean has(Isa isa, String extension) {
    String name = VectorNames.isOfV(extension) ? "v" : OF_I.contains(extension) ? "i" : extension;
    return isa.extensions().stream().anyMatch(e -> e.name().equalsIgnoreCase(name));
  }

  // ------------------------------------------------------------------ where it lies

  private long programEnd() {
    long end = Platform.RAM;
    for (Segment s : elf.loaded()) {
      if (isInRam(s)) {
        end = Math.max(end, s.address() + s.memorySize());
      }
    }
    return end;
  }

  private boolean isInRam(Segment s) {
    long from = s.address() - Platform.RAM;
    return from >= 0 && from < platform.memory() && s.memorySize() <= platform.memory() - from;
  }

  private void addSegment(Segment s) {
    if (s.memorySize() == 0) {
      return;
    }
    if (s.memorySize() > platform.memory()) {
      problems.add(
          Diagnostic.error(
                  "elf-too-large",
                  null,
                  String.format(
                      "a segment of %,d bytes at 0x%x is larger than main memory, %,d bytes",
                      s.memorySize(), s.address(), platform.memory()))
              .help("--memory SIZE gives more"));
      return;
    }
    add(sectionName(elf, s), Region.Kind.RAM, s.address(), s.memorySize(), access(s));
  }

  /// {@return a segment's permissions as a region has them}
  static int access(Segment s) {
    return (s.isReadable() ? Region.READ : 0)
        | (s.isWritable() ? Region.WRITE : 0)
        | (s.isExecutable() ? Region.EXECUTE : 0);
  }

  /// {@return what to call the memory of a segment}
  static String sectionName(Elf elf, Segment s) {
    for (Section section : elf.sections()) {
      if (section.size() > 0 && section.address() == s.address() && !section.name().isEmpty()) {
        return section.name();
      }
    }
    return "segment";
  }

  private void add(String name, Region.Kind kind, long from, long size, int access) {
    if (size <= 0 || Long.compareUnsigned(from + size - 1, from) < 0) {
      problems.add(
          Diagnostic.error(
              "elf-segment",
              null,
              String.format(
                  "%s at 0x%x, %,d bytes, ends beyond the address space", name, from, size)));
      return;
    }
    Region region = Region.memory(name, kind, from, size, access);
    for (Region other : regions) {
      if (other.overlaps(region)) {
        problems.add(
            Diagnostic.error(
                "elf-segment",
                null,
                String.format(
                    "%s at 0x%x, %,d bytes, overlaps %s at 0x%x, %,d bytes",
                    name, from, size, other.name(), other.from(), other.size())));
        return;
      }
    }
    regions.add(region);
  }

  private static void fill(Memory memory, Segment s) {
    byte[] bytes = s.contents().toArray();
    memory.fill(s.address(), bytes, 0, bytes.length);
  }

  private static long align(long address, long to) {
    return address + to - 1 & -to;
  }

  /// {@return where a program's `tohost` or `fromhost` lies, a symbol or a section of that name; 0:
  /// it has none}
  static long hostAddress(Elf elf, SymbolTable symbols, String name) {
    @Nullable Long symbol = symbols.find(name).map(s -> s.value()).orElse(null);
    return symbol != null
        ? symbol
        : elf.section(name).or(() -> elf.section("." + name)).map(Section::address).orElse(0L);
  }

  /// {@return a region for each section that a region of main memory does not tell apart, by
  /// address; for reports}
  static Map<Long, String> sections(Elf elf) {
    Map<Long, String> names = new TreeMap<>(Long::compareUnsigned);
    elf.sections().forEach(s -> names.put(s.address(), s.name()));
    return names;
  }
}
