package tessera.emulator;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tessera.elf.Bytes;
import tessera.elf.Elf;
import tessera.elf.Section;
import tessera.elf.Segment;
import tessera.elf.SegmentType;
import tessera.elf.Symbol;
import tessera.isaspec.Isa;

/// Small programs for tests, instruction by instruction.
final class Programs {
  static final long BASE = 0x8000_0000L;

  private final Isa isa;
  private final List<Integer> words = new ArrayList<>();
  private final Map<String, Long> symbols = new HashMap<>();

  Programs(Isa isa) {
    this.isa = isa;
  }

  /// Adds an instruction; operands are names and values in turn.
  Programs add(String name, Object... operands) {
    Map<String, Long> values = new HashMap<>();
    for (int i = 0; i < operands.length; i += 2) {
      values.put((String) operands[i], ((Number) operands[i + 1]).longValue());
    }
    words.add((int) Words.of(isa, name, values));
    return this;
  }

  Programs word(int word) {
    words.add(word);
    return this;
  }

  Programs li(int register, int value) {
    return add("addi", "rd", register, "rs1", 0, "imm", value);
  }

  /// Ends with a code, as Linux programs do.
  Programs exit(int code) {
    return li(10, code).li(17, 93).add("ecall");
  }

  Programs symbol(String name, long address) {
    symbols.put(name, address);
    return this;
  }

  Elf elf() {
    return elf(Segment.READ | Segment.WRITE | Segment.EXECUTE);
  }

  Elf elf(int flags) {
    ByteBuffer code = ByteBuffer.allocate(4 * words.size()).order(ByteOrder.LITTLE_ENDIAN);
    words.forEach(code::putInt);
    Bytes bytes = Bytes.wrap(code.array());
    Elf.Builder builder = Elf.builder(Elf.Type.EXEC).entry(BASE);
    long text = Section.ALLOC | Section.EXECUTE;
    int section = builder.section(Section.bits(".text", text, 4, bytes).withAddress(BASE));
    builder.symbol(Symbol.global("_start", section, BASE));
    symbols.forEach((name, address) -> builder.symbol(Symbol.absolute(name, address)));
    builder.segment(new Segment(SegmentType.LOAD, flags, BASE, bytes.length(), 4096, bytes));
    return builder.build();
  }

  static Guest guest(Emulator emulator, Elf elf) {
    return switch (emulator.load(elf)) {
      case Emulator.Loaded.Ready(var guest) -> guest;
      case Emulator.Loaded.Refused(var diagnostics) ->
          throw new AssertionError(diagnostics.toString());
    };
  }

  /// Keeps what a guest prints, and gives it something to read.
  static final class Tape implements Console {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] in;
    private int next;

    Tape(String input) {
      in = input.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() {
      return next < in.length ? in[next++] & 255 : -1;
    }

    @Override
    public void write(int stream, byte[] bytes, int offset, int length) {
      out.write(bytes, offset, length);
    }

    String printed() {
      return out.toString(StandardCharsets.UTF_8);
    }
  }
}
