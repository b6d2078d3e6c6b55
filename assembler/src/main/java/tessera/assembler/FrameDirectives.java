package tessera.assembler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.relocate.AsmSection;
import tessera.assembler.relocate.AsmSymbol;
import tessera.assembler.relocate.Expression;
import tessera.assembler.relocate.FrameTable;
import tessera.assembler.relocate.FrameTable.Form;
import tessera.assembler.relocate.FrameTable.Step;
import tessera.assembler.relocate.Program;
import tessera.isaspec.Csr;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// The `.cfi_…` directives: how to unwind the stack (DWARF 5, 6.4.2).
final class FrameDirectives {
  /// Where the numbers of a register file start (psABI, "DWARF Register Numbers").
  private static final Map<String, Integer> FILES = Map.of("x", 0, "f", 32, "v", 96);

  private static final int CSRS = 4096;
  private static final int SHORT_REGISTERS = 0x40;

  private static final int DEF_CFA = 0x0c;
  private static final int DEF_CFA_REGISTER = 0x0d;
  private static final int DEF_CFA_OFFSET = 0x0e;
  private static final int DEF_CFA_SF = 0x12;
  private static final int DEF_CFA_OFFSET_SF = 0x13;
  private static final int OFFSET = 0x80;
  private static final int OFFSET_EXTENDED = 0x05;
  private static final int OFFSET_EXTENDED_SF = 0x11;
  private static final int VAL_OFFSET = 0x14;
  private static final int VAL_OFFSET_SF = 0x15;
  private static final int RESTORE = 0xc0;
  private static final int RESTORE_EXTENDED = 0x06;
  private static final int UNDEFINED = 0x07;
  private static final int SAME_VALUE = 0x08;
  private static final int REGISTER = 0x09;
  private static final int RESTORE_STATE = 0x0b;
  private static final int WINDOW_SAVE = 0x2d;

  /// A function whose end did not come yet.
  private static final class Open {
    private final FrameTable.Procedure procedure;
    private final Span at;
    private final Deque<Long> remembered = new ArrayDeque<>();
    private long offset;

    Open(FrameTable.Procedure procedure, Span at) {
      this.procedure = procedure;
      this.at = at;
    }
  }

  private final Assembly assembly;
  private final Program program;
  private final Map<String, Long> registers = new HashMap<>();
  private final Map<AsmSection, Open> open = new LinkedHashMap<>();
  private final List<FrameTable.Procedure> procedures = new ArrayList<>();
  private boolean forExceptions = true;
  private boolean forDebugger;

  FrameDirectives(Assembly assembly) {
    this.assembly = assembly;
    this.program = assembly.program();
    for (RegisterFile file : assembly.isa().registerFiles()) {
      Integer first = FILES.get(file.name());
      for (int i = 0; first != null && i < file.count(); i++) {
        registers.put(file.registerName(i), (long) first + i);
        registers.put(file.name() + i, (long) first + i);
      }
    }
    registers.put("fp", 8L);
    for (Csr csr : assembly.isa().csrs()) {
      registers.putIfAbsent(csr.name(), (long) CSRS + csr.number());
    }
  }

  void addTo(Map<String, Directives.Handler> handlers) {
    handlers.put(".cfi_startproc", this::start);
    handlers.put(".cfi_endproc", (line, at) -> end(at));
    handlers.put(".cfi_sections", this::sections);
    handlers.put(".cfi_def_cfa", (line, at) -> frame(line, at));
    handlers.put(".cfi_def_cfa_offset", (line, at) -> offset(one(line, at), at));
    handlers.put(
        ".cfi_adjust_cfa_offset",
        (line, at) -> offset(Math.addExact(opened(at).offset, one(line, at)), at));
    handlers.put(
        ".cfi_def_cfa_register",
        (line, at) -> add(at, DEF_CFA_REGISTER, Form.UNSIGNED, register(line, at)));
    handlers.put(".cfi_offset", (line, at) -> saved(line, at, 0));
    handlers.put(".cfi_rel_offset", (line, at) -> saved(line, at, opened(at).offset));
    handlers.put(".cfi_val_offset", this::value);
    handlers.put(".cfi_register", this::moved);
    handlers.put(".cfi_restore", this::restore);
    handlers.put(".cfi_undefined", (line, at) -> each(line, at, UNDEFINED));
    handlers.put(".cfi_same_value", (line, at) -> each(line, at, SAME_VALUE));
    handlers.put(".cfi_remember_state", (line, at) -> remember(at));
    handlers.put(".cfi_restore_state", (line, at) -> restoreState(at));
    handlers.put(".cfi_window_save", (line, at) -> add(at, WINDOW_SAVE, Form.UNSIGNED));
    handlers.put(".cfi_escape", this::escape);
    handlers.put(
        ".cfi_return_column", (line, at) -> opened(at).procedure.returnColumn(register(line, at)));
    handlers.put(".cfi_signal_frame", (line, at) -> opened(at).procedure.signal());
    handlers.put(
        ".cfi_personality", (line, at) -> opened(at).procedure.personality(pointer(line, at)));
    handlers.put(".cfi_lsda", (line, at) -> opened(at).procedure.lsda(pointer(line, at)));
  }

  /// Adds the tables to the program, at the end of the text.
  void finish() {
    for (Open unfinished : open.values()) {
      assembly
          .diagnostics()
          .add(
              Diagnostic.error(
                  "unbalanced", unfinished.at, "no .cfi_endproc closes this before the text ends"));
    }
    if (forExceptions) {
      FrameTable.add(program, procedures, true);
    }
    if (forDebugger) {
      FrameTable.add(program, procedures, false);
    }
  }

  private void sections(Line line, Span at) {
    forExceptions = false;
    forDebugger = false;
    assembly
        .directives()
        .names(line)
        .forEach((name, span) -> {
          switch (name) {
            case ".eh_frame" -> forExceptions = true;
            case ".debug_frame" -> forDebugger = true;
            default ->
                throw new SyntaxError(
                    Diagnostic.error(
                        "directive-argument", span, "expected .eh_frame or .debug_frame"));
          }
        });
  }

  private void start(Line line, Span at) {
    Open before = open.get(program.current());
    if (before != null) {
      throw new SyntaxError(
          Diagnostic.error("unbalanced", at, ".cfi_startproc in a function that did not end")
              .note(before.at, "it began here")
              .help("a .cfi_endproc is missing"));
    }
    boolean simple = line.text(line.first()).equals("simple");
    line.requireEnd(line.first() + (simple ? 1 : 0));
    FrameTable.Procedure procedure = new FrameTable.Procedure(program.here(), simple);
    procedures.add(procedure);
    open.put(program.current(), new Open(procedure, at));
  }

  private void end(Span at) {
    opened(at).procedure.end(program.here());
    open.remove(program.current());
  }

  private Open opened(Span at) {
    Open found = open.get(program.current());
    if (found == null) {
      throw new SyntaxError(
          Diagnostic.error("unbalanced", at, at.text() + " outside of a function")
              .help(".cfi_startproc begins one"));
    }
    return found;
  }

  // Rows

  private void add(Span at, int opcode, Form form, long... operands) {
    List<Long> list = new ArrayList<>();
    for (long operand : operands) {
      list.add(operand);
    }
    row(at).add(new Step.Operation(opcode, list, form));
  }

  /// {@return the function that a row is added to, which then holds from here on}
  private FrameTable.Procedure row(Span at) {
    FrameTable.Procedure procedure = opened(at).procedure;
    AsmSymbol here = program.here();
    if (!here.definition().equals(procedure.latest().definition())) {
      procedure.add(new Step.Advance(procedure.latest(), here));
    }
    return procedure;
  }

  private void frame(Line line, Span at) {
    List<Node> arguments = arguments(line, at, 2);
    long register = register(arguments.getFirst());
    long offset = assembly.scope().required(arguments.getLast());
    opened(at).offset = offset;
    if (offset < 0) {
      add(at, DEF_CFA_SF, Form.SIGNED, register, FrameTable.factored(offset));
    } else {
      add(at, DEF_CFA, Form.UNSIGNED, register, offset);
    }
  }

  private void offset(long offset, Span at) {
    opened(at).offset = offset;
    if (offset < 0) {
      add(at, DEF_CFA_OFFSET_SF, Form.SIGNED, FrameTable.factored(offset));
    } else {
      add(at, DEF_CFA_OFFSET, Form.UNSIGNED, offset);
    }
  }

  private void saved(Line line, Span at, long base) {
    List<Node> arguments = arguments(line, at, 2);
    long register = register(arguments.getFirst());
    long factored = FrameTable.factored(assembly.scope().required(arguments.getLast()) - base);
    if (factored < 0) {
      add(at, OFFSET_EXTENDED_SF, Form.SIGNED, register, factored);
    } else if (register < SHORT_REGISTERS) {
      add(at, OFFSET, Form.SHORT, register, factored);
    } else {
      add(at, OFFSET_EXTENDED, Form.UNSIGNED, register, factored);
    }
  }

  private void value(Line line, Span at) {
    List<Node> arguments = arguments(line, at, 2);
    long register = register(arguments.getFirst());
    long factored = FrameTable.factored(assembly.scope().required(arguments.getLast()));
    if (factored < 0) {
      add(at, VAL_OFFSET_SF, Form.SIGNED, register, factored);
    } else {
      add(at, VAL_OFFSET, Form.UNSIGNED, register, factored);
    }
  }

  private void moved(Line line, Span at) {
    List<Node> arguments = arguments(line, at, 2);
    add(at, REGISTER, Form.UNSIGNED, register(arguments.getFirst()), register(arguments.getLast()));
  }

  private void restore(Line line, Span at) {
    for (Node node : assembly.directives().expressions(line)) {
      long register = register(node);
      boolean isShort = register < SHORT_REGISTERS;
      add(at, isShort ? RESTORE : RESTORE_EXTENDED, isShort ? Form.SHORT : Form.UNSIGNED, register);
    }
  }

  private void each(Line line, Span at, int opcode) {
    for (Node node : assembly.directives().expressions(line)) {
      add(at, opcode, Form.UNSIGNED, register(node));
    }
  }

  private void remember(Span at) {
    add(at, FrameTable.REMEMBER, Form.UNSIGNED);
    opened(at).remembered.push(opened(at).offset);
  }

  private void restoreState(Span at) {
    Open current = opened(at);
    Long offset = current.remembered.poll();
    if (offset == null) {
      throw new SyntaxError(
          Diagnostic.error(
              "unbalanced", at, ".cfi_restore_state without .cfi_remember_state before it"));
    }
    add(at, RESTORE_STATE, Form.UNSIGNED);
    current.offset = offset;
  }

  private void escape(Line line, Span at) {
    List<Integer> bytes = new ArrayList<>();
    for (Node node : assembly.directives().expressions(line)) {
      bytes.add((int) assembly.scope().required(node) & 0xff);
    }
    row(at).add(new Step.Escape(bytes));
  }

  // Arguments

  private List<Node> arguments(Line line, Span at, int count) {
    List<Node> arguments = assembly.directives().expressions(line);
    if (arguments.size() != count) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              at,
              at.text() + " wants " + count + " arguments, got " + arguments.size()));
    }
    return arguments;
  }

  private long one(Line line, Span at) {
    return assembly.scope().required(arguments(line, at, 1).getFirst());
  }

  private long register(Line line, Span at) {
    return register(arguments(line, at, 1).getFirst());
  }

  private long register(Node node) {
    Long known = node instanceof Node.Name(var name, _) ? registers.get(name) : null;
    long number = known != null ? known : assembly.scope().required(node);
    if (number < 0 || number > 2 * CSRS) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", node.span(), "there is no register " + number));
    }
    return number;
  }

  /// `0x9b, symbol`; 0xff alone: there is none.
  private FrameTable.Pointer pointer(Line line, Span at) {
    List<Node> arguments = assembly.directives().expressions(line);
    long encoding = arguments.isEmpty() ? -1 : assembly.scope().required(arguments.getFirst());
    boolean omitted = encoding == FrameTable.OMITTED;
    if (encoding < 0 || encoding > 0xff || arguments.size() != (omitted ? 1 : 2)) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument", at, at.text() + " wants an encoding and a symbol"));
    }
    @Nullable Expression target = omitted ? null : assembly.scope().expression(arguments.getLast());
    return new FrameTable.Pointer((int) encoding, target);
  }
}
