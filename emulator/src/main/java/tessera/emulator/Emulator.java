package tessera.emulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.elf.Elf;
import tessera.elf.SymbolTable;
import tessera.emulator.device.Clint;
import tessera.emulator.device.ToHost;
import tessera.emulator.device.Uart;
import tessera.emulator.interpreter.Interpreter;
import tessera.emulator.kernel.Kernels;
import tessera.emulator.kernel.Matmul;
import tessera.emulator.linux.FileSystem;
import tessera.emulator.linux.Surroundings;
import tessera.emulator.linux.SystemCalls;
import tessera.emulator.linux.UserMode;
import tessera.emulator.memory.HostMemoryExhausted;
import tessera.emulator.memory.Region;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Isa;
import tessera.isaspec.Machine;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.semantics.AccessKind;

/// A machine that programs can be loaded into.
///
/// ```
/// switch (Emulator.of(isa).load(elf)) {
///   case Emulator.Loaded.Ready(var guest) -> {
///     guest.hart().observer(Meter.of(guest.hart(), Timing.SCOREBOARD));
///     Exit exit = guest.run(1_000_000);
///   }
///   case Emulator.Loaded.Refused(var diagnostics) -> …
/// }
/// ```
///
/// @param isa the ISA, with the machine that gives it sizes
/// @param platform memory, devices and reset
/// @param console what the guest reads and prints
/// @param engine what runs it; null: the interpreter
/// @param kernels what may stand in for called shapes, where the interpreter runs
/// @param surroundings what a program finds: arguments, files
/// @param linux whether programs are Linux programs; else they run on bare metal, and reach files
///   by semihosting and system calls
public record Emulator(
    Isa isa,
    Platform platform,
    Console console,
    @Nullable Engine engine,
    Kernels kernels,
    Surroundings surroundings,
    boolean linux) {

  // A naturally aligned range that may be read, written and executed
  private static final long OPEN = 0x1f;

  private static final long STACK_OF_A_HART = 1 << 16;
  private static final long GIGAHERTZ = 1_000_000_000;

  /// What loading gives.
  public sealed interface Loaded {
    /// The program is in the machine.
    record Ready(Guest guest) implements Loaded {}

    /// It can not run here; all reasons at once.
    record Refused(List<Diagnostic> diagnostics) implements Loaded {}
  }

  /// {@return a machine with the standard platform, no console, and the interpreter with all
  /// kernels}
  public static Emulator of(Isa isa) {
    return new Emulator(
        isa,
        Platform.standard(),
        Console.silent(),
        null,
        Matmul.kernels(),
        Surroundings.of(List.of()),
        false);
  }

  /// {@return the same on another platform}
  public Emulator on(Platform other) {
    return new Emulator(isa, other, console, engine, kernels, surroundings, linux);
  }

  /// {@return the same with another console}
  public Emulator with(Console other) {
    return new Emulator(isa, platform, other, engine, kernels, surroundings, linux);
  }

  /// {@return the same with another engine}
  public Emulator with(Engine other) {
    return new Emulator(isa, platform, console, other, kernels, surroundings, linux);
  }

  /// {@return the same with kernels}
  public Emulator with(Kernels other) {
    return new Emulator(isa, platform, console, engine, other, surroundings, linux);
  }

  /// {@return the same for Linux programs that find this}
  public Emulator with(Surroundings other) {
    return new Emulator(isa, platform, console, engine, kernels, other, true);
  }

  /// {@return the same for programs on bare metal that find these files}
  public Emulator with(FileSystem files) {
    Surroundings other = surroundings.withFiles(files);
    return new Emulator(isa, platform, console, engine, kernels, other, false);
  }

  /// {@return the program in the machine after reset, or why it can not be}
  public Loaded load(Elf elf) {
    return linux ? loadLinux(elf) : loadBare(elf);
  }

  /// {@return the names of extensions that a program was made for and this machine does not have;
  /// it may run all the same, if it does not use them}
  public List<String> lacking(Elf elf) {
    return Loader.lacking(isa, elf);
  }

  /// {@return the least VLEN that a program relies on, by its attributes; 0: they say none}
  public static long leastVectorLength(Elf elf) {
    return elf.arch().map(Loader::leastVectorLength).orElse(0L);
  }

  private Loaded loadBare(Elf elf) {
    List<Hart> harts = new ArrayList<>();
    Clint clint =
        Clint.of(
            platform.harts(), () -> Harts.now(harts), hertz(), () -> harts.forEach(Hart::attend));
    List<Region> devices = new ArrayList<>();
    devices.add(Region.device("clint", Platform.CLINT, Clint.SIZE, clint));
    devices.add(Region.device("uart", Platform.UART, Uart.SIZE, Uart.of(console)));
    for (int i = 0; i < platform.harts(); i++) {
      addScratchpad(devices, i);
    }
    try {
      Loader.Loaded loaded = Loader.load(isa, platform, elf, devices);
      if (!loaded.problems().isEmpty()) {
        return new Loaded.Refused(loaded.problems());
      }
      for (int i = 0; i < platform.harts(); i++) {
        harts.add(Hart.of(isa, loaded.memory(), i));
      }
      return new Loaded.Ready(guest(elf, loaded, harts, clint));
    } catch (HostMemoryExhausted exhausted) {
      return new Loaded.Refused(List.of(tooLarge(exhausted)));
    }
  }

  /// Each hart has a scratchpad, a power of two behind the one before.
  private void addScratchpad(List<Region> devices, int hart) {
    long scratchpad = isa.machine().parameters().getOrDefault("SPM", 0L);
    if (scratchpad > 0) {
      int access = Region.READ | Region.WRITE;
      long apart = Long.highestOneBit(2 * scratchpad - 1);
      devices.add(
          Region.memory(
              hart == 0 ? "scratchpad" : "scratchpad " + hart,
              Region.Kind.SCRATCHPAD,
              Platform.SCRATCHPAD + hart * apart,
              scratchpad,
              access));
    }
  }

  // ------------------------------------------------------------------ Linux user mode

  private Loaded loadLinux(Elf elf) {
    List<Region> devices = new ArrayList<>();
    addScratchpad(devices, 0);
    try {
      LinuxLoader.Loaded loaded = LinuxLoader.load(isa, platform, elf, surroundings, devices);
      if (!loaded.problems().isEmpty()) {
        return new Loaded.Refused(loaded.problems());
      }
      Hart hart = Hart.of(isa, loaded.memory(), 0);
      return new Loaded.Ready(linuxGuest(elf, loaded, hart));
    } catch (HostMemoryExhausted exhausted) {
      return new Loaded.Refused(List.of(tooLarge(exhausted)));
    }
  }

  private Guest linuxGuest(Elf elf, LinuxLoader.Loaded loaded, Hart hart) {
    reset(hart, loaded.entry(), loaded.sp());
    set(hart, "mcounteren", "CY", 1);
    set(hart, "mcounteren", "TM", 1);
    set(hart, "mcounteren", "IR", 1);
    // What the program may access is the kernel's business: protection lets it at everything.
    set(hart, "pmpcfg0", "entries", OPEN);
    set(hart, "pmpaddr0", "address", -1);
    RegisterFile privilege = isa.registerFile("priv");
    if (privilege != null) {
      hart.writeRegister(privilege, 0, 0);
    }
    Clint clock = Clint.of(1, hart::cycles, hertz(), hart::attend);
    hart.connect("mtime", clock::time);
    hart.handler(
        UserMode.of(
            hart,
            console,
            surroundings,
            loaded.space(),
            hertz(),
            platform.memory(),
            loaded.trampoline()));
    return new Guest(isa, List.of(hart), List.of(chosenEngine()), SymbolTable.of(elf));
  }

  private Engine chosenEngine() {
    return engine == null ? Interpreter.of(isa, kernels) : engine;
  }

  private static Diagnostic tooLarge(HostMemoryExhausted exhausted) {
    return Diagnostic.error(
            "elf-too-large",
            null,
            String.format(
                "the program's contents need more than the %,d bytes that the host gives",
                exhausted.limit()))
        .help("give the Java machine more with -Xmx");
  }

  private Guest guest(Elf elf, Loader.Loaded loaded, List<Hart> harts, Clint clint) {
    SymbolTable symbols = SymbolTable.of(elf);
    SystemCalls calls =
        SystemCalls.of(console, surroundings.files(), loaded.heap(), loaded.heapEnd(), hertz());
    for (Hart hart : harts) {
      reset(hart, elf.entry(), loaded.stack() - hart.id() * STACK_OF_A_HART);
      hart.connect("mtime", clint::time);
      hart.connect("timer", () -> clint.timer(hart.id()));
      hart.connect("software", () -> clint.software(hart.id()));
      hart.events(() -> clint.due(hart.id()));
      hart.handler(Services.of(hart, console, calls, surroundings, hertz(), loaded));
    }
    long toHost = Loader.hostAddress(elf, symbols, "tohost");
    Hart first = harts.getFirst();
    if (toHost != 0 && !first.memory().faults(toHost, 8, AccessKind.LOAD)) {
      long fromHost = Loader.hostAddress(elf, symbols, "fromhost");
      ToHost.watch(harts, console, calls, toHost, fromHost);
    }
    // Interpreters keep what they know of a hart apart, so the harts may share one.
    Engine runs = chosenEngine();
    return new Guest(isa, harts, harts.stream().map(_ -> runs).toList(), symbols);
  }

  private long hertz() {
    Machine.Unit clock = isa.machine().unit("clock");
    return clock == null ? GIGAHERTZ : Math.max(1, clock.get("hz", GIGAHERTZ));
  }

  // ------------------------------------------------------------------ reset (machines.md 1)

  private void reset(Hart hart, long entry, long stack) {
    hart.pc(entry);
    RegisterFile x = isa.registerFile("x");
    if (x != null) {
      set(hart, x, "sp", stack);
      set(hart, x, "a0", hart.id());
    }
    if (platform.unitsOn()) {
      set(hart, "mstatus", "FS", 1);
      set(hart, "mstatus", "VS", 1);
      set(hart, "tstatus", "TS", 1);
    }
    set(hart, "vtype", "vill", 1);
  }

  private static void set(Hart hart, RegisterFile file, String name, long value) {
    int index = file.registerNumber(name);
    if (index >= 0) {
      hart.writeRegister(file, index, value);
    }
  }

  /// Sets a stored field, where the ISA has it and lets it be set.
  private void set(Hart hart, String csrName, String fieldName, long value) {
    Csr csr = isa.csr(csrName);
    CsrField field = csr == null ? null : csr.field(fieldName);
    if (csr == null
        || field == null
        || !(field.rule() instanceof CsrField.Rule.Stored)
        || !isUsed(fieldName)) {
      return;
    }
    hart.writeCsr(csr, field.insert(hart.readCsr(csr), value));
  }

  /// The fields of units that this ISA does not have read 0.
  private boolean isUsed(String field) {
    return switch (field) {
      case "FS" -> isa.has("F");
      case "VS" -> isa.has("V");
      default -> true;
    };
  }
}
