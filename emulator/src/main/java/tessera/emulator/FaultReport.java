package tessera.emulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.elf.SymbolTable;
import tessera.emulator.memory.Region;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.MemoryFault;
import tessera.isaspec.syntax.Operand;
import tessera.isaspec.syntax.OperandClass;

/// What a person wants to know of a run that did not end by itself: where it stopped, on what, with
/// which operands, and what lies where (ux.md 2.2).
///
/// @param what happened, one line without the place
/// @param pc where
/// @param symbol the symbol there, with an offset; empty: none
/// @param place the source line; empty: not known
/// @param instructions completed before
/// @param lines the instruction and its neighbours
/// @param registers operands, `ra` and `sp` by name
/// @param regions the address space; empty where it does not matter
/// @param advice what to try; empty: nothing
public record FaultReport(
    String what,
    long pc,
    String symbol,
    String place,
    long instructions,
    List<Line> lines,
    Map<String, Long> registers,
    List<Region> regions,
    @Nullable Long address,
    String advice) {

  /// A line of disassembly.
  ///
  /// @param word the bits; meaningless where `text` says that nothing is there
  /// @param here whether it stopped on this one
  public record Line(long address, long word, int bytes, String text, boolean here) {}

  public FaultReport {
    lines = List.copyOf(lines);
    registers = Collections.unmodifiableMap(new LinkedHashMap<>(registers));
    regions = List.copyOf(regions);
  }

  /// {@return the report of how a guest stopped; null where it ended by itself}
  public static @Nullable FaultReport of(Guest guest, Exit exit, Formatter formatter) {
    return new Writer(guest, formatter).write(exit);
  }

  /// {@return the report as lines}
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append(what).append(" at ").append(hex(pc));
    out.append(symbol.isEmpty() ? "" : " <" + Renderer.printable(symbol) + ">");
    out.append(place.isEmpty() ? "" : " (" + Renderer.printable(place) + ")");
    out.append(String.format(", after %,d instructions%n", instructions));
    lines.forEach(l -> out.append(text(l)));
    if (!registers.isEmpty()) {
      List<String> shown = new ArrayList<>();
      registers.forEach((name, value) -> shown.add(name + " " + hex(value)));
      out.append("   ").append(String.join("  ", shown)).append('\n');
    }
    regions.forEach(r -> out.append(text(r)));
    if (!advice.isEmpty()) {
      out.append("   ").append(advice).append('\n');
    }
    return out.toString();
  }

  private static String text(Line l) {
    String word = l.bytes() == 0 ? "" : String.format("%0" + 2 * l.bytes() + "x", l.word());
    return String.format(
        " %s 0x%08x  %-8s   %s%n",
        l.here() ? ">" : " ", l.address(), word, Renderer.printable(l.text()));
  }

  private String text(Region r) {
    String mark = "";
    if (address != null && r.contains(address - 1) && !r.contains(address)) {
      mark = "      <- ends 1 byte before " + hex(address);
    } else if (address != null && r.contains(address)) {
      mark = "      <- " + hex(address) + " lies here";
    }
    return String.format(
        "   0x%08x-0x%08x  %8s  %s  %s%s%n",
        r.from(), r.last(), size(r.size()), r.permissions(), Renderer.printable(r.name()), mark);
  }

  private static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long n = bytes;
    while (unit + 1 < units.length && n >= 1024 && n % 1024 == 0) {
      n /= 1024;
      unit++;
    }
    return n + " " + units[unit];
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /// Collects a report.
  private static final class Writer {
    private final Guest guest;
    private final Hart hart;
    private final Formatter formatter;

    Writer(Guest guest, Formatter formatter) {
      this.guest = guest;
      this.hart = guest.hart();
      this.formatter = formatter;
    }

    @Nullable FaultReport write(Exit exit) {
      return switch (exit) {
        case Exit.Halted _ -> null;
        case Exit.Signalled(_, String name) -> stopped("ended by signal " + name, "");
        case Exit.Trapped(var trap) -> trapped(trap);
        case Exit.BudgetSpent _ ->
            stopped(
                "stopped: the instruction budget is used up",
                "no exit seen: the program has no tohost, ecall or ebreak on this path");
        case Exit.Waiting _ ->
            stopped(
                "stopped: the program waits for what can not come",
                "no interrupt is enabled that the timer or another hart could raise");
        case Exit.Endless(int instructions) ->
            stopped(
                "stopped: the program goes on forever in a " + instructions + "-instruction loop",
                "no exit seen: the program has no tohost, ecall or ebreak on this path");
        case Exit.MemoryExhausted(long limit) ->
            stopped(
                String.format("stopped: the guest touched more than the host's %,d bytes", limit),
                "give the Java machine more with -Xmx");
      };
    }

    private FaultReport stopped(String what, String advice) {
      return report(what, List.of(), null, advice);
    }

    private FaultReport trapped(GuestTrap trap) {
      boolean access = trap.trap().equals("access_fault");
      Long address = access ? trap.value() : null;
      List<Region> regions = access ? hart.memory().regions() : List.of();
      return report("guest fault: " + words(trap), regions, address, advice(trap));
    }

    private static String words(GuestTrap trap) {
      return switch (trap.trap()) {
        case "illegal" -> "illegal instruction";
        case "breakpoint" -> "breakpoint";
        case "ecall" -> "environment call";
        case "access_fault" -> access(trap.cause()) + " of " + hex(trap.value()) + " refused";
        case "misaligned" -> "misaligned " + access(trap.cause() + 1) + " of " + hex(trap.value());
        default -> trap.trap() + " (cause " + trap.cause() + ", value " + hex(trap.value()) + ")";
      };
    }

    /// The access that the privileged manual's cause of an access fault names.
    private static String access(long cause) {
      return cause == 1 ? "fetch" : cause == 5 ? "load" : "store";
    }

    private String advice(GuestTrap trap) {
      return switch (trap.trap()) {
        case "illegal" -> "this machine is " + guest.isa().shortName() + "; --isa FILE.isa adds to it";
        case "ecall" -> "mtvec is not 0, so system calls are left to the program's own handler";
        default -> "";
      };
    }

    private FaultReport report(
        String what, List<Region> regions, @Nullable Long address, String advice) {
      long pc = hart.pc();
      String symbol = guest.symbols().at(pc).map(SymbolTable.Location::toString).orElse("");
      return new FaultReport(
          what,
          pc,
          symbol,
          formatter.place(pc),
          hart.retired(),
          lines(pc),
          registers(pc),
          regions,
          address,
          advice);
    }

    // ---------------------------------------------------------------- the code around

    private List<Line> lines(long pc) {
      List<Line> lines = new ArrayList<>();
      Line before = line(pc - 4, false);
      if (before.bytes() == 4) {
        lines.add(before);
      }
      Line here = line(pc, true);
      lines.add(here);
      if (here.bytes() > 0) {
        Line after = line(pc + here.bytes(), false);
        if (after.bytes() > 0) {
          lines.add(after);
        }
      }
      return lines;
    }

    private Line line(long address, boolean here) {
      try {
        long word = hart.memory().load(address, 2, AccessKind.FETCH);
        int bytes = Decoder.length(word);
        if (bytes == 4) {
          word |= hart.memory().load(address + 2, 2, AccessKind.FETCH) << 16;
        }
        Decoded decoded = guest.isa().decoder().decode(word);
        String text = decoded == null ? "?      no instruction" : formatter.text(decoded, address);
        return new Line(address, word, bytes, text, here);
      } catch (MemoryFault _) {
        return new Line(address, 0, 0, "nothing executable is here", here);
      }
    }

    // ---------------------------------------------------------------- what it worked on

    private Map<String, Long> registers(long pc) {
      Map<String, Long> shown = new LinkedHashMap<>();
      RegisterFile x = guest.isa().registerFile("x");
      if (x != null) {
        named(shown, x, "ra");
        named(shown, x, "sp");
      }
      Decoded decoded = decode(pc);
      if (decoded != null) {
        for (Operand operand : decoded.instruction().operands()) {
          operand(shown, decoded, operand);
        }
      }
      return shown;
    }

    private @Nullable Decoded decode(long pc) {
      Line line = line(pc, true);
      return line.bytes() == 0 ? null : guest.isa().decoder().decode(line.word());
    }

    private void named(Map<String, Long> shown, RegisterFile file, String name) {
      int index = file.registerNumber(name);
      if (index >= 0) {
        shown.put(name, hart.readRegister(file, index));
      }
    }

    private void operand(Map<String, Long> shown, Decoded decoded, Operand operand) {
      for (OperandClass.Reading reading : operand.operandClass().readings()) {
        if (reading instanceof OperandClass.Reading.Register register) {
          RegisterFile file = register.file();
          int index = Math.toIntExact(decoded.operand(operand.name()));
          boolean narrow = file.width() <= 64 && index >= 0 && index < file.count();
          if (narrow && (file.zero() == null || file.zero() != index)) {
            shown.put(file.registerName(index), hart.readRegister(file, index));
          }
        }
      }
    }
  }
}
