package tessera.assembler.relocate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.elf.RelocationType;
import tessera.elf.Section;
import tessera.elf.SectionType;

/// How to unwind the stack from any place, as the `.cfi_…` directives say it, in the format of
/// `.eh_frame` or `.debug_frame` (DWARF 5, 6.4.1; psABI, "DWARF") and byte for byte as GNU as
/// writes it.
public final class FrameTable {
  /// The pointer encodings of `.eh_frame` that have a meaning of their own here.
  public static final int OMITTED = 0xff;

  private static final int RELATIVE = 0x10;
  private static final int RELATIVE_4 = 0x1b;

  private static final int VERSION = 3;
  private static final long CODE_ALIGNMENT = 1;
  private static final long DATA_ALIGNMENT = -4;
  private static final int STACK_POINTER = 2;

  /// What a row of the table changes.
  public sealed interface Step {
    /// The place from which on the next ones hold.
    record Advance(AsmSymbol from, AsmSymbol to) implements Step {}

    /// An operation with its operands, encoded.
    record Operation(int opcode, List<Long> operands, Form form) implements Step {}

    /// Bytes as they are, which no two functions share.
    record Escape(List<Integer> bytes) implements Step {}
  }

  /// How an operation's operands are written.
  public enum Form {
    /// in the opcode's low bits
    SHORT,
    /// unsigned LEB128
    UNSIGNED,
    /// unsigned LEB128, the last one signed
    SIGNED
  }

  /// A pointer to something in another place.
  ///
  /// @param encoding as `.eh_frame` numbers them
  public record Pointer(int encoding, @Nullable Expression target) {
    static final Pointer NONE = new Pointer(OMITTED, null);

    boolean isThere() {
      return encoding != OMITTED;
    }
  }

  /// A function, or a part of one that lies together.
  public static final class Procedure {
    private final AsmSymbol start;
    private @Nullable AsmSymbol end;
    private final List<Step> steps = new ArrayList<>();
    private long returnColumn = 1;
    private boolean signal;
    private Pointer personality = Pointer.NONE;
    private Pointer lsda = Pointer.NONE;

    /// @param simple whether nothing holds at its start by itself
    public Procedure(AsmSymbol start, boolean simple) {
      this.start = start;
      if (!simple) {
        steps.add(new Step.Operation(0x0d, List.of((long) STACK_POINTER), Form.UNSIGNED));
      }
    }

    public AsmSymbol start() {
      return start;
    }

    /// {@return the place of the latest row}
    public AsmSymbol latest() {
      for (int i = steps.size() - 1; i >= 0; i--) {
        if (steps.get(i) instanceof Step.Advance(_, var to)) {
          return to;
        }
      }
      return start;
    }

    public void add(Step step) {
      steps.add(step);
    }

    public void end(AsmSymbol at) {
      end = at;
    }

    public void returnColumn(long register) {
      returnColumn = register;
    }

    /// Marks it as called by the system and not by a call.
    public void signal() {
      signal = true;
    }

    public void personality(Pointer pointer) {
      personality = pointer;
    }

    public void lsda(Pointer pointer) {
      lsda = pointer;
    }

    /// The steps that all functions of a kind share: those before the first that is their own.
    private List<Step> common() {
      int n = 0;
      while (n < steps.size() && isCommon(steps.get(n))) {
        n++;
      }
      return steps.subList(0, n);
    }

    private static boolean isCommon(Step step) {
      return step instanceof Step.Operation(int opcode, _, _) && opcode != REMEMBER;
    }

    private Kind kind() {
      return new Kind(returnColumn, signal, personality, lsda.encoding(), List.copyOf(common()));
    }
  }

  /// `DW_CFA_remember_state`.
  public static final int REMEMBER = 0x0a;

  /// What functions share (a CIE).
  private record Kind(
      long returnColumn, boolean signal, Pointer personality, int lsda, List<Step> steps) {}

  /// A kind that is written already.
  private record Written(Kind kind, AsmSymbol at) {}

  private final Program program;
  private final boolean forExceptions;
  private final List<Written> written = new ArrayList<>();

  private FrameTable(Program program, boolean forExceptions) {
    this.program = program;
    this.forExceptions = forExceptions;
  }

  /// Adds the table of some functions to a program.
  ///
  /// @param forExceptions `.eh_frame` rather than `.debug_frame`
  public static void add(Program program, List<Procedure> procedures, boolean forExceptions) {
    if (procedures.isEmpty()) {
      return;
    }
    program.push();
    program.enter(
        forExceptions
            ? program.section(".eh_frame", SectionType.PROGBITS, Section.ALLOC, 0)
            : program.section(".debug_frame", SectionType.PROGBITS, 0, 0),
        0);
    FrameTable table = new FrameTable(program, forExceptions);
    for (int i = 0; i < procedures.size(); i++) {
      table.write(procedures.get(i), i == procedures.size() - 1);
    }
    program.pop();
  }

  private void write(Procedure procedure, boolean last) {
    Kind kind = procedure.kind();
    AsmSymbol common = common(kind);
    AsmSymbol after = program.fresh();
    AsmSymbol start = length(after);
    if (forExceptions) {
      program.number(difference(start, common), 4, null);
      program.relative(Expression.of(procedure.start), null);
      program.number(difference(end(procedure), procedure.start), 4, null);
      int size = procedure.lsda.isThere() ? size(procedure.lsda) : 0;
      unsigned(size);
      pointer(procedure.lsda);
    } else {
      program.number(Expression.of(common), 4, null);
      program.number(Expression.of(procedure.start), 8, null);
      program.number(difference(end(procedure), procedure.start), 8, null);
    }
    procedure.steps.subList(kind.steps().size(), procedure.steps.size()).forEach(this::step);
    program.align(
        last || !forExceptions ? 3 : 2, new Fragment.Padding.Fill(0, 1), Long.MAX_VALUE, null);
    program.place(after, null);
  }

  private static AsmSymbol end(Procedure procedure) {
    return procedure.end == null ? procedure.start : procedure.end;
  }

  /// {@return where the part begins that functions of a kind share; writes it if it is new}
  private AsmSymbol common(Kind kind) {
    for (int i = written.size() - 1; i >= 0; i--) {
      if (written.get(i).kind().equals(kind)) {
        return written.get(i).at();
      }
    }
    AsmSymbol start = program.here();
    written.add(new Written(kind, start));
    AsmSymbol after = program.fresh();
    length(after);
    program.number(forExceptions ? 0 : 0xffff_ffffL, 4, null);
    program.number(VERSION, 1, null);
    if (forExceptions) {
      program.bytes(augmentation(kind), null);
    }
    program.number(0, 1, null);
    unsigned(CODE_ALIGNMENT);
    signed(DATA_ALIGNMENT);
    unsigned(kind.returnColumn());
    if (forExceptions) {
      augment(kind);
    }
    kind.steps().forEach(this::step);
    program.align(forExceptions ? 2 : 3, new Fragment.Padding.Fill(0, 1), Long.MAX_VALUE, null);
    program.place(after, null);
    return start;
  }

  private static byte[] augmentation(Kind kind) {
    String letters =
        "z"
            + (kind.personality().isThere() ? "P" : "")
            + (kind.lsda() != OMITTED ? "L" : "")
            + "R"
            + (kind.signal() ? "S" : "");
    return letters.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private void augment(Kind kind) {
    Pointer personality = kind.personality();
    int size =
        1 + (personality.isThere() ? 1 + size(personality) : 0) + (kind.lsda() != OMITTED ? 1 : 0);
    unsigned(size);
    if (personality.isThere()) {
      program.number(personality.encoding(), 1, null);
      pointer(personality);
    }
    if (kind.lsda() != OMITTED) {
      program.number(kind.lsda(), 1, null);
    }
    program.number(RELATIVE_4, 1, null);
  }

  private static int size(Pointer pointer) {
    return switch (pointer.encoding() & 7) {
      case 2 -> 2;
      case 3 -> 4;
      default -> 8;
    };
  }

  private void pointer(Pointer pointer) {
    Expression target = pointer.target();
    if (!pointer.isThere() || target == null) {
      return;
    }
    if ((pointer.encoding() & 0x70) == RELATIVE && size(pointer) == 4) {
      program.relative(target, null);
    } else {
      program.number(target, size(pointer), null);
    }
  }

  /// Writes how long the entry is; {@return where it is counted from}
  private AsmSymbol length(AsmSymbol after) {
    AsmSymbol start = program.fresh();
    program.number(difference(after, start), 4, null);
    program.place(start, null);
    return start;
  }

  private static Expression difference(AsmSymbol to, AsmSymbol from) {
    return Expression.binary(Expression.BinaryOp.SUBTRACT, Expression.of(to), Expression.of(from));
  }

  private void unsigned(long value) {
    program.bytes(Fragment.Leb.encode(value, false, 1), null);
  }

  private void signed(long value) {
    program.bytes(Fragment.Leb.encode(value, true, 1), null);
  }

  private void step(Step step) {
    switch (step) {
      case Step.Advance(var from, var to) -> program.advance(from, to);
      case Step.Escape(var bytes) -> bytes.forEach(b -> program.number(b, 1, null));
      case Step.Operation(int opcode, var operands, var form) -> operation(opcode, operands, form);
    }
  }

  private void operation(int opcode, List<Long> operands, Form form) {
    int first = form == Form.SHORT ? 1 : 0;
    program.number(form == Form.SHORT ? opcode | operands.getFirst() : opcode, 1, null);
    for (int i = first; i < operands.size(); i++) {
      if (form == Form.SIGNED && i == operands.size() - 1) {
        signed(operands.get(i));
      } else {
        unsigned(operands.get(i));
      }
    }
  }

  /// {@return an offset from the frame, as the table counts it}
  public static long factored(long offset) {
    return offset / DATA_ALIGNMENT;
  }

  /// The relocations of a distance in a table, for a linker that moves code between its ends.
  static @Nullable RelocationType set(long size) {
    return switch ((int) size) {
      case 1 -> RelocationType.SET6;
      case 2 -> RelocationType.SET8;
      case 3 -> RelocationType.SET16;
      case 5 -> RelocationType.SET32;
      default -> null;
    };
  }

  static RelocationType subtract(long size) {
    return switch ((int) size) {
      case 1 -> RelocationType.SUB6;
      case 2 -> RelocationType.SUB8;
      case 3 -> RelocationType.SUB16;
      default -> RelocationType.SUB32;
    };
  }
}
