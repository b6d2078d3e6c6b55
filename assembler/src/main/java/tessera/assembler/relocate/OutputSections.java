package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.elf.Bytes;
import tessera.elf.Section;
import tessera.elf.SectionType;

/// The sections of a program, each made of those of the objects that belong to it.
final class OutputSections {
  /// What starts with one of these goes into the section of that name (`.text.hot` into `.text`).
  private static final List<String> JOINED =
      List.of(
          ".text",
          ".rodata",
          ".data",
          ".bss",
          ".tdata",
          ".tbss",
          ".sdata",
          ".sbss",
          ".init_array",
          ".fini_array",
          ".preinit_array");

  /// A section of the program.
  static final class Output {
    private final String name;
    private SectionType type;
    private long flags;
    private long alignment = 1;
    private long size;
    private long address;
    private int index;
    private boolean named;
    private byte[] bytes = new byte[0];

    Output(String name, Section first) {
      this.name = name;
      this.type = first.type();
      this.flags = first.flags() & ~(Section.MERGE | Section.STRINGS);
    }

    String name() {
      return name;
    }

    long address() {
      return address;
    }

    long size() {
      return size;
    }

    int index() {
      return index;
    }

    boolean isCode() {
      return (flags & Section.EXECUTE) != 0;
    }

    boolean isThreadLocal() {
      return (flags & Section.TLS) != 0;
    }

    byte[] bytes() {
      return bytes;
    }

    /// Takes room; {@return its offset}
    long reserve(long bytes, long alignedTo) {
      alignment = Math.max(alignment, alignedTo);
      long at = size + (-size & alignedTo - 1);
      size = at + bytes;
      return at;
    }

    /// Notes what a part of it is.
    void join(Section part) {
      flags |= part.flags() & (Section.WRITE | Section.EXECUTE | Section.ALLOC | Section.TLS);
      type = type.equals(SectionType.NOBITS) ? part.type() : type;
    }

    void allocate() {
      bytes = type.equals(SectionType.NOBITS) ? bytes : new byte[Math.toIntExact(size)];
    }

    /// {@return it with its address}
    Section section() {
      return bare().withAddress(address);
    }

    private Section bare() {
      return type.equals(SectionType.NOBITS)
          ? Section.zeros(name, flags, alignment, size)
          : Section.bits(name, flags, alignment, Bytes.wrap(bytes)).withType(type);
    }
  }

  /// Where a section of an object went.
  record Home(Output output, long offset) {
    long address() {
      return output.address() + offset;
    }
  }

  private final Map<String, Output> byName = new LinkedHashMap<>();
  private final List<Map<Integer, Home>> homes = new ArrayList<>();

  /// Adds the sections of the next object.
  void add(List<Section> sections) {
    Map<Integer, Home> placed = new LinkedHashMap<>();
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      if (isKept(section)) {
        Output output = output(section);
        output.join(section);
        placed.put(i, new Home(output, output.reserve(section.size(), section.alignment())));
      }
    }
    homes.add(placed);
  }

  private static boolean isKept(Section section) {
    return !section.type().equals(SectionType.RISCV_ATTRIBUTES)
        && !section.type().equals(SectionType.GROUP)
        && !section.name().startsWith(".note.GNU-stack")
        && (section.flags() & Section.EXCLUDE) == 0
        && (section.size() > 0 || section.isAllocated());
  }

  private Output output(Section section) {
    return byName.computeIfAbsent(joined(section.name()), n -> new Output(n, section));
  }

  private static String joined(String name) {
    for (String start : JOINED) {
      if (name.startsWith(start + ".")) {
        return start;
      }
    }
    return name;
  }

  /// {@return the section of that name, made like `like` if it is new}
  Output named(String name, Section like) {
    return byName.computeIfAbsent(name, n -> new Output(n, like));
  }

  @Nullable Output find(String name) {
    return byName.get(name);
  }

  List<Output> all() {
    return List.copyOf(byName.values());
  }

  /// {@return where section `section` of object `object` went, or null if it was dropped}
  @Nullable Home home(int object, int section) {
    return homes.get(object).get(section);
  }

  /// Notes that a section is named, so that it stays although it may be empty.
  void keep(int object, int section) {
    Home home = home(object, section);
    if (home != null) {
      home.output().named = true;
    }
  }

  /// Copies the contents, drops what is empty and has no name, and gives the others their
  /// addresses.
  void place(tessera.elf.Layout layout, List<List<Section>> objects) {
    byName.values().removeIf(o -> o.size() == 0 && !o.named);
    byName.values().forEach(Output::allocate);
    for (int object = 0; object < objects.size(); object++) {
      copy(object, objects.get(object));
    }
    List<Section> placed = layout.place(byName.values().stream().map(Output::section).toList());
    int index = 0;
    for (Output output : byName.values()) {
      output.address = placed.get(index).address();
      output.index = index++;
    }
  }

  private void copy(int object, List<Section> sections) {
    homes
        .get(object)
        .forEach((i, home) -> {
          Section section = sections.get(i);
          if (section.size() > 0 && !section.isZeros()) {
            section.contents().copyTo(home.output().bytes(), Math.toIntExact(home.offset()));
          }
        });
  }
}
