package tessera.assembler;

import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.AsmParser;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.Literals;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.Nodes;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.relocate.LineTable;
import tessera.elf.Bytes;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;

/// `.file` and `.loc`: which line of a source an instruction comes from (DWARF 5, 6.2).
final class LineDirectives {
  private static final int MOST_FILES = 1 << 16;

  private final Assembly assembly;
  private final LineTable table;
  private LineTable.Position current = LineTable.Position.FIRST;
  private final @Nullable OwnLines own;
  private boolean pending;

  /// @param folder where the texts are, if rows are wanted for their own lines (`-g`); else null
  LineDirectives(Assembly assembly, @Nullable String folder) {
    this.assembly = assembly;
    this.table = new LineTable(assembly.program());
    this.own = folder == null ? null : new OwnLines(table, folder);
  }

  void addTo(Map<String, Directives.Handler> handlers) {
    handlers.put(".file", this::file);
    handlers.put(".loc", this::place);
  }

  /// Notes that an instruction stands here.
  ///
  /// @param at where the text says so
  void instruction(Span at) {
    if (pending) {
      row();
    } else if (own != null) {
      own.row(assembly.given(at));
    }
  }

  private void row() {
    if (current.line() != 0) {
      table.row(current);
    }
    pending = false;
    current = current.consumed();
  }

  /// Adds the table to the program, at the end of the text.
  void finish() {
    if (!table.isEmpty()) {
      table.write(own == null ? "" : own.folder());
    }
    if (own != null) {
      own.describe();
    }
  }

  /// `.file "x.c"` names the source; `.file 1 "folder" "x.c" md5 0x…` numbers one.
  private void file(Line line, Span at) {
    AsmParser.FileContext arguments = line.arguments(AsmParser::file);
    String first = Literals.text(arguments.STRING(0).getText());
    if (arguments.number == null) {
      assembly.program().file(first);
      return;
    }
    Node number = new Nodes(line.statement()).expression(arguments.number);
    long slot = assembly.scope().required(number);
    if (slot < 0 || slot > MOST_FILES) {
      throw new SyntaxError(
          Diagnostic.error(
              "directive-argument", number.span(), "a file is numbered 0 to " + MOST_FILES));
    }
    boolean two = arguments.STRING().size() == 2;
    table.file(
        (int) slot,
        two ? first : null,
        two ? Literals.text(arguments.STRING(1).getText()) : first,
        arguments.hash == null ? null : hash(arguments.hash.getText(), at));
  }

  private static Bytes hash(String digits, Span at) {
    if (!digits.matches("0[xX][0-9a-fA-F]{1,32}")) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "an MD5 hash is 16 bytes in hexadecimal"));
    }
    byte[] all =
        new BigInteger("1" + "0".repeat(34 - digits.length()) + digits.substring(2), 16)
            .toByteArray();
    return Bytes.copyOf(all).slice(1, 17);
  }

  /// `.loc 1 5 3 prologue_end is_stmt 0`
  private void place(Line line, Span at) {
    if (pending) {
      row();
    }
    AsmParser.PlaceContext arguments = line.arguments(AsmParser::place);
    Nodes nodes = new Nodes(line.statement());
    long file = number(arguments.slot.getText(), at);
    if (table.file(file) == null && file != 0) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "there is no file " + file)
              .help(".file " + file + " \"…\" names it"));
    }
    @Nullable String column = arguments.column == null ? null : arguments.column.getText();
    LineTable.Position next =
        current.at(
            file,
            number(arguments.row.getText(), at),
            column == null ? current.column() : number(column, at));
    boolean view = false;
    for (AsmParser.MarkContext mark : arguments.mark()) {
      next = view ? next : marked(next, mark, nodes.span(mark));
      // What a debugger may see between two rows at one place has a name of its own.
      view = !view && mark.getText().equals("view");
    }
    current = next;
    pending = true;
  }

  private static long number(String text, Span at) {
    Long value = Literals.integer(text);
    if (value == null || value < 0 || value > Integer.MAX_VALUE) {
      throw new SyntaxError(
          Diagnostic.error("directive-argument", at, "'" + text + "' is no line or file number"));
    }
    return value;
  }

  private static LineTable.Position marked(
      LineTable.Position p, AsmParser.MarkContext mark, Span at) {
    long value = mark.INTEGER() == null ? 0 : number(mark.INTEGER().getText(), at);
    return switch (mark.IDENTIFIER().getText()) {
      case "basic_block" -> p.with(LineTable.Mark.BASIC_BLOCK);
      case "prologue_end" -> p.with(LineTable.Mark.PROLOGUE_END);
      case "epilogue_begin" -> p.with(LineTable.Mark.EPILOGUE_BEGIN);
      case "is_stmt" -> p.statement(value != 0);
      case "isa" -> p.isa(value);
      case "discriminator" -> p.discriminator(value);
      case "view" -> p;
      default ->
          throw new SyntaxError(
              Diagnostic.error(
                  "directive-argument",
                  at,
                  "unknown word '"
                      + mark.IDENTIFIER().getText()
                      + "'; known are basic_block, prologue_end, epilogue_begin, is_stmt, isa,"
                      + " discriminator, view"));
    };
  }
}
