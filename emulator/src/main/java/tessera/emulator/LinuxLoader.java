package tessera.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Segment;
import tessera.emulator.linux.AddressSpace;
import tessera.emulator.linux.Capabilities;
import tessera.emulator.linux.Surroundings;
import tessera.emulator.linux.UserMode;
import tessera.emulator.memory.Memory;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;

/// Puts a Linux program into an address space as the kernel does: its segments on whole pages with
/// their permissions, a stack with arguments, environment and auxiliary vector, and nothing else.
final class LinuxLoader {
  private static final long PAGE = Memory.PAGE;
  private static final long GIB = 1L << 30;
  private static final long STACK = 8L << 20;
  private static final long GAP = 1L << 20;

  /// Where a program for any address is put.
  private static final long ANYWHERE = 0x1000_0000;

  /// Segments beyond are reached without tables of their pages.
  private static final long MOST_WINDOW = 16 * GIB;

  private static final int HEADER_BYTES = 56;
  private static final int HEADERS_AT = 32;
  private static final int HEADERS_NUMBER_AT = 56;

  private final Isa isa;
  private final Platform platform;
  private final Elf elf;
  private final long bias;
  private final List<Diagnostic> problems;

  private LinuxLoader(Isa isa, Platform platform, Elf elf) {
    this.isa = isa;
    this.platform = platform;
    this.elf = elf;
    this.bias = elf.type() == Elf.Type.DYN ? ANYWHERE : 0;
    this.problems = new ArrayList<>(Loader.problems(isa, platform, elf, true));
  }

  /// A program in memory.
  ///
  /// @param entry its first instruction
  /// @param sp its stack pointer
  /// @param trampoline where instructions lie that return from a signal's handler
  record Loaded(
      Memory memory,
      AddressSpace space,
      long entry,
      long sp,
      long trampoline,
      long bias,
      List<Diagnostic> problems) {}

  static Loaded load(
      Isa isa, Platform platform, Elf elf, Surroundings surroundings, List<Region> devices) {
    return new LinuxLoader(isa, platform, elf).load(surroundings, devices);
  }

  private Loaded load(Surroundings surroundings, List<Region> devices) {
    long programEnd = programEnd();
    long window = Math.max(Math.max(GIB, align(platform.memory())), align(programEnd) + GIB / 2);
    Memory memory = Memory.of(0, Math.min(window, MOST_WINDOW), platform.hostMemory());
    long top = Math.min(window, MOST_WINDOW) - PAGE;
    long stack = top - PAGE;
    AddressSpace space = AddressSpace.of(memory, align(programEnd), stack - STACK - GAP);
    long sp = 0;
    if (problems.isEmpty()) {
      devices.forEach(memory::map);
      elf.loaded().forEach(s -> map(memory, s));
    }
    if (problems.isEmpty()) {
      add(memory, "signals", top, PAGE, Region.READ | Region.EXECUTE);
      add(memory, "stack", stack - STACK, STACK, Region.READ | Region.WRITE);
      byte[] trampoline = UserMode.trampoline();
      memory.fill(top, trampoline, 0, trampoline.length);
      sp = new Start(memory, stack, top + 64).write(surroundings);
    }
    return new Loaded(memory, space, elf.entry() + bias, sp, top, bias, List.copyOf(problems));
  }

  private long programEnd() {
    long end = 0;
    for (Segment s : elf.loaded()) {
      long last = s.address() + bias + s.memorySize();
      end = last < MOST_WINDOW ? Math.max(end, last) : end;
    }
    return end;
  }

  private void map(Memory memory, Segment s) {
    if (s.memorySize() == 0) {
      return;
    }
    long from = s.address() + bias & -PAGE;
    long size = align(s.address() + bias + s.memorySize()) - from;
    if (s.address() + bias < 0 || size <= 0 || s.memorySize() > platform.memory()) {
      problems.add(
          Diagnostic.error(
                  "elf-too-large",
                  null,
                  String.format(
                      "a segment of %,d bytes at 0x%x does not fit into memory, %,d bytes",
                      s.memorySize(), s.address(), platform.memory()))
              .help("--memory SIZE gives more"));
      return;
    }
    for (Region other : memory.regions()) {
      if (other.kind() != Region.Kind.RAM && other.from() - from < size && from <= other.last()) {
        problems.add(
            Diagnostic.error(
                "elf-segment",
                null,
                String.format(
                    "a segment at 0x%x, %,d bytes, overlaps the %s", from, size, other.name())));
        return;
      }
    }
    // A page that two segments share belongs to the later one, as the kernel has it.
    memory.unmap(from, size);
    add(memory, Loader.sectionName(elf, s), from, size, Loader.access(s));
    byte[] bytes = s.contents().toArray();
    memory.fill(s.address() + bias, bytes, 0, bytes.length);
  }

  private static void add(Memory memory, String name, long from, long size, int access) {
    memory.map(Region.memory(name, Region.Kind.RAM, from, size, access));
  }

  private static long align(long address) {
    return address + PAGE - 1 & -PAGE;
  }

  /// The contents of the stack at the start (psABI and `Documentation/filesystems` of Linux: argc,
  /// argv, envp, the auxiliary vector).
  private final class Start {
    private static final int PHDR = 3;
    private static final int PHENT = 4;
    private static final int PHNUM = 5;
    private static final int PAGESZ = 6;
    private static final int BASE = 7;
    private static final int FLAGS = 8;
    private static final int ENTRY = 9;
    private static final int UID = 11;
    private static final int EUID = 12;
    private static final int GID = 13;
    private static final int EGID = 14;
    private static final int HWCAP = 16;
    private static final int CLKTCK = 17;
    private static final int SECURE = 23;
    private static final int RANDOM = 25;
    private static final int EXECFN = 31;
    private static final int MINSIGSTKSZ = 51;
    private static final int USER = 1000;
    private static final int SIGNAL_FRAME = 2048;

    private final Memory memory;
    private final long spare;
    private final List<Long> words = new ArrayList<>();
    private long at;

    /// @param end the byte after the stack
    /// @param spare room for program headers that are not loaded
    Start(Memory memory, long end, long spare) {
      this.memory = memory;
      this.at = end - 16;
      this.spare = spare;
    }

    /// {@return the stack pointer}
    long write(Surroundings surroundings) {
      long name = text(surroundings.arguments().getFirst());
      List<Long> environment = surroundings.environment().stream().map(this::text).toList();
      List<Long> arguments = surroundings.arguments().stream().map(this::text).toList();
      long random = random(surroundings.seed());
      at &= -16;
      words.add((long) arguments.size());
      words.addAll(arguments);
      words.add(0L);
      words.addAll(environment);
      words.add(0L);
      auxiliary(name, random);
      long sp = at - 8L * words.size() & -16;
      ByteBuffer bytes = ByteBuffer.allocate(8 * words.size()).order(ByteOrder.LITTLE_ENDIAN);
      words.forEach(bytes::putLong);
      memory.fill(sp, bytes.array(), 0, bytes.capacity());
      return sp;
    }

    private long text(String text) {
      byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
      at -= bytes.length;
      memory.fill(at, bytes, 0, bytes.length);
      return at;
    }

    private long random(long seed) {
      ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(seed * 0x9e3779b97f4a7c15L + 0x2545f4914f6cdd1dL).putLong(~seed);
      at = (at & -16) - 16;
      memory.fill(at, bytes.array(), 0, 16);
      return at;
    }

    private void auxiliary(long name, long random) {
      long[] headers = headers();
      entry(PHDR, headers[0]);
      entry(PHENT, HEADER_BYTES);
      entry(PHNUM, headers[1]);
      entry(PAGESZ, PAGE);
      entry(BASE, 0);
      entry(FLAGS, 0);
      entry(ENTRY, elf.entry() + bias);
      entry(UID, USER);
      entry(EUID, USER);
      entry(GID, USER);
      entry(EGID, USER);
      entry(HWCAP, Capabilities.letters(isa));
      entry(CLKTCK, 100);
      entry(SECURE, 0);
      entry(RANDOM, random);
      entry(EXECFN, name);
      entry(MINSIGSTKSZ, SIGNAL_FRAME);
      entry(0, 0);
    }

    private void entry(long key, long value) {
      words.add(key);
      words.add(value);
    }

    /// {@return where the program headers lie, and how many there are}
    private long[] headers() {
      for (Segment s : elf.loaded()) {
        Bytes contents = s.contents();
        if (contents.length() >= 64 && contents.u32(0) == 0x464c_457f) {
          long offset = contents.i64(HEADERS_AT);
          int number = contents.u16(HEADERS_NUMBER_AT);
          if (offset > 0 && offset + (long) number * HEADER_BYTES <= contents.length()) {
            return new long[] {s.address() + bias + offset, number};
          }
        }
      }
      return ownHeaders();
    }

    /// Program headers of the segments, for a file that does not load its own.
    private long[] ownHeaders() {
      int most = (int) (PAGE - 64) / HEADER_BYTES;
      List<Segment> shown = elf.segments().subList(0, Math.min(most, elf.segments().size()));
      ByteBuffer bytes =
          ByteBuffer.allocate(HEADER_BYTES * shown.size()).order(ByteOrder.LITTLE_ENDIAN);
      for (Segment s : shown) {
        bytes.putInt(s.type().code()).putInt(s.flags()).putLong(0);
        bytes.putLong(s.address()).putLong(s.address());
        bytes.putLong(s.contents().length()).putLong(s.memorySize()).putLong(s.alignment());
      }
      memory.fill(spare, bytes.array(), 0, bytes.capacity());
      return new long[] {spare, shown.size()};
    }
  }
}
