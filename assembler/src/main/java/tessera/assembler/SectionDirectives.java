package tessera.assembler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.AsmParser;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.LineReader;
import tessera.assembler.parser.Literals;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.Nodes;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.relocate.AsmSection;
import tessera.assembler.relocate.Program;
import tessera.elf.Section;
import tessera.elf.SectionType;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// The directives that choose where the contents go.
final class SectionDirectives {

  /// What a section is without being told, by the start of its name.
  private record Known(String name, SectionType type, long flags, long entrySize) {
    boolean covers(String section) {
      return section.equals(name) || section.startsWith(name + ".");
    }
  }

  private static final long CODE = Section.ALLOC | Section.EXECUTE;
  private static final long DATA = Section.ALLOC | Section.WRITE;

  /// The special sections of the ELF specification and of GNU as for RISC-V.
  private static final List<Known> KNOWN =
      List.of(
          new Known(".text", SectionType.PROGBITS, CODE, 0),
          new Known(".init", SectionType.PROGBITS, CODE, 0),
          new Known(".fini", SectionType.PROGBITS, CODE, 0),
          new Known(".data", SectionType.PROGBITS, DATA, 0),
          new Known(".rodata", SectionType.PROGBITS, Section.ALLOC, 0),
          new Known(".bss", SectionType.NOBITS, DATA, 0),
          new Known(".tdata", SectionType.PROGBITS, DATA | Section.TLS, 0),
          new Known(".tbss", SectionType.NOBITS, DATA | Section.TLS, 0),
          new Known(".init_array", SectionType.INIT_ARRAY, DATA, 8),
          new Known(".fini_array", SectionType.FINI_ARRAY, DATA, 8),
          new Known(".preinit_array", SectionType.PREINIT_ARRAY, DATA, 8),
          new Known(".note", SectionType.NOTE, 0, 0));

  private static final Known PLAIN = new Known("", SectionType.PROGBITS, 0, 0);

  private final Assembly assembly;
  private final Program program;
  private final Directives directives;

  SectionDirectives(Assembly assembly, Directives directives) {
    this.assembly = assembly;
    this.program = assembly.program();
    this.directives = directives;
  }

  void addTo(Map<String, Directives.Handler> handlers) {
    for (String name : List.of(".text", ".data", ".bss", ".rodata")) {
      handlers.put(name, (line, at) -> enter(name, line));
    }
    handlers.put(".section", (line, at) -> section(line));
    handlers.put(
        ".pushsection",
        (line, at) -> {
          program.push();
          section(line);
        });
    handlers.put(".popsection", (line, at) -> pop(at));
    handlers.put(".previous", (line, at) -> program.enterPrevious());
    handlers.put(".subsection", (line, at) -> enterPart(line));
  }

  private void enter(String name, Line line) {
    List<Node> arguments = directives.expressions(line);
    int part = arguments.isEmpty() ? 0 : part(arguments.getFirst());
    Known known = known(name);
    program.enter(program.section(name, known.type(), known.flags(), known.entrySize()), part);
  }

  private void enterPart(Line line) {
    program.enter(program.current(), part(directives.single(line)));
  }

  private int part(Node node) {
    long number = assembly.scope().required(node);
    if (number < 0 || number > 8192) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              node.span(),
              "a subsection is numbered 0 to 8192, not " + number));
    }
    return (int) number;
  }

  private void pop(Span at) {
    if (!program.pop()) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, ".popsection without .pushsection"));
    }
  }

  private static Known known(String name) {
    return KNOWN.stream().filter(k -> k.covers(name)).findFirst().orElse(PLAIN);
  }

  private void section(Line line) {
    AsmParser.SectionContext arguments = line.arguments(AsmParser::section);
    String name = name(line, arguments.sectionName());
    Known known = known(name);
    Nodes nodes = new Nodes(line.statement());
    int part = arguments.part == null ? 0 : part(nodes.expression(arguments.part));
    SectionType type = arguments.kind() == null ? known.type() : type(arguments.kind(), nodes);
    long flags = known.flags();
    if (arguments.flags != null) {
      flags = flags(Literals.text(arguments.flags.getText()), nodes.span(arguments), known);
    }
    Deque<AsmParser.ExpressionContext> more = new ArrayDeque<>(arguments.expression());
    if (arguments.part != null) {
      more.remove();
    }
    long entrySize = entrySize(flags, more, nodes, known);
    AsmSection.Membership group = group(flags, more, nodes.span(arguments));
    AsmSection section = program.section(name, group);
    if (section == null) {
      section = program.section(name, group, type, flags, entrySize);
    } else if (arguments.flags != null && section.flags() != flags) {
      assembly
          .diagnostics()
          .add(
              Diagnostic.warning(
                  "section-flags",
                  nodes.span(arguments),
                  "section '" + name + "' has other flags already; these are ignored"));
    }
    program.enter(section, part);
  }

  private long entrySize(
      long flags, Deque<AsmParser.ExpressionContext> more, Nodes nodes, Known known) {
    return (flags & Section.MERGE) != 0 && !more.isEmpty()
        ? assembly.scope().required(nodes.expression(more.remove()))
        : known.entrySize();
  }

  /// `"axG",@progbits,name,comdat`
  private static AsmSection.@Nullable Membership group(
      long flags, Deque<AsmParser.ExpressionContext> more, Span at) {
    if ((flags & Section.GROUP) == 0) {
      return null;
    }
    if (more.isEmpty() || !(more.peek() instanceof AsmParser.ReferenceContext reference)) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "the flag G wants the name of a group"));
    }
    String signature = LineReader.name(reference.name());
    more.remove();
    return new AsmSection.Membership(
        signature, !more.isEmpty() && more.peek().getText().equals("comdat"));
  }

  private static String name(Line line, AsmParser.SectionNameContext context) {
    String text =
        line.statement().text().substring(context.start.getStartIndex(), end(context)).strip();
    return Literals.text(context.quoted == null ? '"' + text + '"' : context.quoted.getText());
  }

  private static int end(ParserRuleContext context) {
    return context.stop.getStopIndex() + 1;
  }

  private long flags(String letters, Span at, Known known) {
    long flags = 0;
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      flags |=
          switch (letter) {
            case 'a' -> Section.ALLOC;
            case 'w' -> Section.WRITE;
            case 'x' -> Section.EXECUTE;
            case 'M' -> Section.MERGE;
            case 'S' -> Section.STRINGS;
            case 'T' -> Section.TLS;
            case 'e' -> Section.EXCLUDE;
            case 'R' -> Section.GNU_RETAIN;
            case 'G' -> Section.GROUP;
            default ->
                throw new SyntaxError(
                    Diagnostic.error(
                        "directive-argument",
                        at,
                        "unknown section flag '"
                            + letter
                            + "'; known are a, w, x, M, S, T, G, e, R"));
          };
    }
    // What the name alone says holds whatever the flags leave out.
    return flags | known.flags();
  }

  private static SectionType type(AsmParser.KindContext kind, Nodes nodes) {
    String word =
        kind.STRING() == null
            ? kind.getText().substring(1)
            : Literals.text(kind.STRING().getText()).replaceFirst("^[@%]", "");
    SectionType type = typeOf(word);
    if (type == null) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument",
              nodes.span(kind),
              "unknown section type '"
                  + word
                  + "'; known are progbits, nobits, note, init_array,"
                  + " fini_array, preinit_array"));
    }
    return type;
  }

  private static @Nullable SectionType typeOf(String word) {
    Long number = Character.isDigit(word.charAt(0)) ? Literals.integer(word) : null;
    if (number != null) {
      return new SectionType(number.intValue());
    }
    return switch (word) {
      case "progbits" -> SectionType.PROGBITS;
      case "nobits" -> SectionType.NOBITS;
      case "note" -> SectionType.NOTE;
      case "init_array" -> SectionType.INIT_ARRAY;
      case "fini_array" -> SectionType.FINI_ARRAY;
      case "preinit_array" -> SectionType.PREINIT_ARRAY;
      default -> null;
    };
  }
}
