package tessera.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.assembler.Disassembler;
import tessera.elf.Elf;
import tessera.emulator.Emulator;
import tessera.emulator.Guest;
import tessera.emulator.Hart;
import tessera.emulator.memory.Region;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Renderer;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.encoding.Decoder;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.GuestTrap;
import tessera.isaspec.semantics.MemoryFault;
import tessera.isaspec.syntax.Operand;

/// A guest's fault for a person: what, where, which instruction, its operands, and for an access
/// the map of memory.
///
/// @param trap what nobody handled; the hart is as it was before the instruction
record FaultReport(GuestTrap trap, Guest guest, Isa isa, Elf elf) {
  private static final int BEFORE = 2;
  private static final long REACH = 1 << 16;
  private static final int COLUMNS = 80;

  /// An access farther than this from a region has nothing to do with it.
  private static final long NEAR = 1 << 20;

  /// {@return what and where, in one line}
  String headline() {
    return what() + " at " + place(guest);
  }

  /// {@return the whole report}
  String text() {
    StringBuilder out = new StringBuilder("guest fault: ").append(headline());
    out.append(", after ").append(Sizes.count(hart().retired(), "instruction")).append('\n');
    instructions(out);
    why(out);
    registers(out);
    if (isAccess()) {
      map(out);
    }
    return out.toString();
  }

  /// {@return the exit status for it, by the cause that the privileged manual numbers}
  ExitCode exit() {
    if (trap.isInterrupt()) {
      return ExitCode.ABORT;
    }
    return switch ((int) trap.cause()) {
      case 0, 4, 6 -> ExitCode.MISALIGNED;
      case 1, 5, 7 -> ExitCode.ACCESS_FAULT;
      case 2 -> ExitCode.ILLEGAL_INSTRUCTION;
      case 3 -> ExitCode.BREAKPOINT;
      default -> ExitCode.ABORT;
    };
  }

  private String what() {
    if (trap.isInterrupt()) {
      return "interrupt " + trap.cause() + ", which no handler takes,";
    }
    String address = " 0x" + Long.toHexString(trap.value());
    return switch ((int) trap.cause()) {
      case 0 -> "jump to misaligned address" + address;
      case 1 -> "instruction fetch from" + address;
      case 2 -> "illegal instruction";
      case 3 -> "breakpoint";
      case 4 -> "misaligned load from" + address;
      case 5 -> "load from" + address;
      case 6 -> "misaligned store to" + address;
      case 7 -> "store to" + address;
      default -> trap.trap() + " that nobody handles";
    };
  }

  private boolean isAccess() {
    return exit() == ExitCode.ACCESS_FAULT;
  }

  private Hart hart() {
    return guest.hart();
  }

  /// {@return where the guest is: `0x80000010 <spin+0x4>`}
  static String place(Guest guest) {
    long pc = guest.hart().pc();
    String symbol =
        guest.symbols().at(pc).map(l -> " <" + Renderer.printable(l.toString()) + ">").orElse("");
    return "0x" + Long.toHexString(pc) + symbol;
  }

  private void instructions(StringBuilder out) {
    long pc = hart().pc();
    Disassembler disassembler = Disassembler.of(isa);
    for (long at : before(pc)) {
      Long word = word(at);
      if (word != null) {
        int digits = Decoder.length(word) * 2;
        out.append(at == pc ? " > " : "   ").append("0x").append(Long.toHexString(at));
        out.append("  ").append(hex(word, digits)).append(" ".repeat(10 - digits));
        out.append(disassembler.text(word, at, guest.symbols()).replace('\t', ' ')).append('\n');
      }
    }
  }

  /// {@return where the instructions up to `pc` begin}
  ///
  /// Words of two lengths can only be told apart from a place where one is known to begin, which is
  /// what a symbol names.
  private List<Long> before(long pc) {
    long from = guest.symbols().at(pc - 2).map(l -> pc - 2 - l.offset()).orElse(pc);
    List<Long> starts = new ArrayList<>();
    long at = pc - from > REACH ? pc : from;
    while (at - pc < 0) {
      starts.add(at);
      Long word = word(at);
      at += word == null ? 4 : Decoder.length(word);
    }
    if (at != pc) {
      starts.clear(); // that place was in the middle of something
    }
    starts.add(pc);
    return starts.subList(Math.max(0, starts.size() - 1 - BEFORE), starts.size());
  }

  private @Nullable Long word(long at) {
    try {
      long low = guest.memory().load(at, 2, AccessKind.FETCH);
      return Decoder.length(low) == 2
          ? low
          : low | guest.memory().load(at + 2, 2, AccessKind.FETCH) << 16;
    } catch (MemoryFault unreachable) {
      return null;
    }
  }

  /// Why an instruction is illegal, as far as it can be told.
  private void why(StringBuilder out) {
    Long word = word(hart().pc());
    if (trap.cause() != 2 || word == null) {
      return;
    }
    Decoded decoded = isa.decoder().decode(word);
    if (decoded != null) {
      out.append("   ").append(decoded.instruction()).append(" is an instruction of ");
      out.append(decoded.instruction().extension()).append(", but not legal in this state\n");
      out.append("   help: tessera explain ").append(decoded.instruction()).append('\n');
      return;
    }
    out.append("   no instruction of ").append(isa.shortName()).append(" has this encoding\n");
    List<String> lacking = Emulator.of(isa).lacking(elf);
    if (!lacking.isEmpty()) {
      String names = Renderer.printable(String.join(" ", lacking));
      out.append("   built for what is not there: ").append(names).append('\n');
    }
    out.append("   help: --isa FILE.isa adds a specification\n");
  }

  /// The operands, then the link and stack pointers, then whatever single register is not zero.
  private void registers(StringBuilder out) {
    List<String> shown = new ArrayList<>();
    Long word = word(hart().pc());
    Decoded decoded = word == null ? null : isa.decoder().decode(word);
    if (decoded != null) {
      for (Operand operand : decoded.instruction().operands()) {
        RegisterFile file = operand.operandClass().file();
        if (file != null && file.width() <= 64) {
          show(shown, file, (int) decoded.operand(operand.name()));
        }
      }
    }
    RegisterFile x = isa.registerFile("x");
    if (x != null) {
      for (String name : new String[] {"ra", "sp", "a0", "a1"}) {
        show(shown, x, x.registerNumber(name));
      }
    }
    for (RegisterFile file : isa.registerFiles()) {
      boolean single = file.count() == 1 && file.width() <= 64 && !file.name().equals("pc");
      if (single && hart().readRegister(file, 0) != 0) {
        show(shown, file, 0);
      }
    }
    StringBuilder line = new StringBuilder("  ");
    for (String register : shown) {
      if (line.length() + 1 + register.length() > COLUMNS) {
        out.append(line).append('\n');
        line.setLength(2);
      }
      line.append(' ').append(register);
    }
    out.append(line).append('\n');
  }

  private void show(List<String> shown, RegisterFile file, int index) {
    if (index < 0) {
      return;
    }
    long value = hart().readRegister(file, index);
    String text = file.registerName(index) + "=0x" + Long.toHexString(value);
    if (!shown.contains(text)) {
      shown.add(text);
    }
  }

  private void map(StringBuilder out) {
    long address = trap.value();
    Region hit = guest.memory().region(address);
    out.append("   0x").append(Long.toHexString(address));
    out.append(hit == null ? " lies in no region:\n" : " lies in '" + hit.name() + "':\n");
    List<Region> regions = new ArrayList<>(guest.memory().regions());
    regions.sort((a, b) -> Long.compareUnsigned(a.from(), b.from()));
    Region nearest = nearest(regions, address);
    for (Region region : regions) {
      out.append("   0x").append(hex(region.from(), 8)).append("-0x");
      out.append(hex(region.last(), 8)).append("  ");
      String size = Sizes.text(region.size());
      out.append(" ".repeat(Math.max(0, 8 - size.length()))).append(size).append("  ");
      out.append(region.permissions()).append("  ").append(Renderer.printable(region.name()));
      if (region.equals(nearest)) {
        out.append("  <- ").append(relation(region, address));
      }
      out.append('\n');
    }
  }

  /// {@return the region that an overrun most likely left, or the one that forbids the access}
  private static @Nullable Region nearest(List<Region> regions, long address) {
    Region nearest = null;
    for (Region region : regions) {
      boolean near = Long.compareUnsigned(address - region.last(), NEAR) <= 0;
      boolean before = Long.compareUnsigned(region.from() - address, NEAR) <= 0;
      nearest = region.contains(address) || near || nearest == null && before ? region : nearest;
    }
    return nearest;
  }

  private static String relation(Region region, long address) {
    if (region.contains(address)) {
      return "does not allow it";
    }
    long past = address - region.last();
    return Long.compareUnsigned(past, NEAR) <= 0
        ? Sizes.count(past, "byte") + " past its end"
        : Sizes.count(region.from() - address, "byte") + " before it";
  }

  private static String hex(long value, int digits) {
    String text = Long.toHexString(value);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }
}
