package tessera.assembler.relocate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tessera.elf.Bytes;
import tessera.elf.Section;
import tessera.elf.SectionType;

/// Which line of which file each instruction comes from, in the format of `.debug_line` (DWARF 5,
/// 6.2) and byte for byte as GNU as writes it. Since a linker may move code, no row counts on a
/// distance that is known here: each is written with relocations.
public final class LineTable {
  private static final int LINE_BASE = -5;
  private static final int LINE_RANGE = 14;
  private static final int[] OPERANDS = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};
  private static final int OPCODE_BASE = OPERANDS.length + 1;

  private static final int COPY = 1;
  private static final int ADVANCE_LINE = 3;
  private static final int SET_FILE = 4;
  private static final int SET_COLUMN = 5;
  private static final int NEGATE_STATEMENT = 6;
  private static final int SET_BASIC_BLOCK = 7;
  private static final int FIXED_ADVANCE = 9;
  private static final int SET_PROLOGUE_END = 10;
  private static final int SET_EPILOGUE_BEGIN = 11;
  private static final int SET_ISA = 12;
  private static final int END_SEQUENCE = 1;
  private static final int SET_ADDRESS = 2;
  private static final int SET_DISCRIMINATOR = 4;

  private static final int PATH = 1;
  private static final int DIRECTORY = 2;
  private static final int MD5 = 5;
  private static final int FORM_UDATA = 0x0f;
  private static final int FORM_DATA16 = 0x1e;
  private static final int FORM_LINE_STRP = 0x1f;

  /// What else is said of a row.
  public enum Mark {
    BASIC_BLOCK(SET_BASIC_BLOCK),
    PROLOGUE_END(SET_PROLOGUE_END),
    EPILOGUE_BEGIN(SET_EPILOGUE_BEGIN);

    private final int opcode;

    Mark(int opcode) {
      this.opcode = opcode;
    }
  }

  /// A place in a source.
  ///
  /// @param file its number
  /// @param isStatement whether a debugger may stop there
  public record Position(
      long file,
      long line,
      long column,
      long isa,
      boolean isStatement,
      Set<Mark> marks,
      long discriminator) {
    /// Where a program starts.
    public static final Position FIRST = new Position(1, 1, 0, 0, true, Set.of(), 0);

    public Position {
      marks = Set.copyOf(marks);
    }

    /// {@return this at another place}
    public Position at(long otherFile, long otherLine, long otherColumn) {
      return new Position(
          otherFile, otherLine, otherColumn, isa, isStatement, marks, discriminator);
    }

    /// {@return this with a mark}
    public Position with(Mark mark) {
      Set<Mark> more = new HashSet<>(marks);
      more.add(mark);
      return new Position(file, line, column, isa, isStatement, more, discriminator);
    }

    public Position statement(boolean is) {
      return new Position(file, line, column, isa, is, marks, discriminator);
    }

    public Position isa(long number) {
      return new Position(file, line, column, number, isStatement, marks, discriminator);
    }

    public Position discriminator(long number) {
      return new Position(file, line, column, isa, isStatement, marks, number);
    }

    /// {@return what of this holds for the next row as well}
    public Position consumed() {
      return new Position(file, line, column, isa, isStatement, Set.of(), 0);
    }
  }

  /// A row: from a place in the code on.
  public record Row(Position position, AsmSymbol at) {}

  /// A file, by the number of its folder; a slot that nobody filled has none.
  ///
  /// @param md5 the hash of its contents, 16 bytes, or null
  public record SourceFile(int folder, String name, @Nullable Bytes md5) {}

  private final Program program;
  private final List<String> folders = new ArrayList<>();
  private final List<@Nullable SourceFile> files = new ArrayList<>();
  private final Map<AsmSection, List<Row>> rows = new LinkedHashMap<>();
  private boolean usesFolderZero;

  public LineTable(Program program) {
    this.program = program;
    folders.add("");
    files.add(null);
  }

  /// {@return whether there is nothing to be written}
  public boolean isEmpty() {
    return files.size() == 1 && files.getFirst() == null && rows.isEmpty();
  }

  /// {@return the file of a number, or null}
  public @Nullable SourceFile file(long number) {
    return number >= 0 && number < files.size() ? files.get((int) number) : null;
  }

  /// Fills a slot of the table of files.
  ///
  /// @param folder or null if the name says it
  public void file(int number, @Nullable String folder, String name, @Nullable Bytes md5) {
    usesFolderZero |= number == 0;
    if (number == 0 && folder != null) {
      folders.set(0, folder);
    }
    String given = number == 0 ? null : folder;
    int slash = name.lastIndexOf('/');
    String in = given != null ? given : slash < 0 ? "" : name.substring(0, Math.max(1, slash));
    String last = given != null || slash < 0 ? name : name.substring(slash + 1);
    while (files.size() <= number) {
      files.add(null);
    }
    files.set(number, new SourceFile(folder(in), last, md5));
  }

  private int folder(String name) {
    if (name.isEmpty()) {
      return 0;
    }
    int known = folders.indexOf(name);
    if (known < 0) {
      folders.add(name);
      known = folders.size() - 1;
    }
    return known;
  }

  /// Adds a row for what comes next in the section that is being filled.
  public void row(Position position) {
    rows.computeIfAbsent(program.current(), _ -> new ArrayList<>())
        .add(new Row(position, program.here()));
  }

  /// {@return the sections that have rows}
  public List<AsmSection> sections() {
    return List.copyOf(rows.keySet());
  }

  // Output

  /// {@return the version of DWARF that is written}
  int version() {
    return usesFolderZero ? 5 : 3;
  }

  /// Adds the table to the program.
  ///
  /// @param folder where the program was assembled
  public void write(String folder) {
    Map<AsmSection, AsmSymbol> ends = new LinkedHashMap<>();
    rows.keySet().forEach(section -> ends.put(section, program.endOf(section)));
    program.push();
    program.enter(program.section(".debug_line", SectionType.PROGBITS, 0, 0), 0);
    AsmSymbol end = program.fresh();
    length(end);
    program.number(version(), 2, null);
    if (version() >= 5) {
      program.number(8, 1, null);
      program.number(0, 1, null);
    }
    AsmSymbol headEnd = program.fresh();
    length(headEnd);
    program.number(1, 1, null);
    if (version() >= 4) {
      program.number(1, 1, null);
    }
    program.number(1, 1, null);
    program.number(LINE_BASE & 0xff, 1, null);
    program.number(LINE_RANGE, 1, null);
    program.number(OPCODE_BASE, 1, null);
    for (int operands : OPERANDS) {
      program.number(operands, 1, null);
    }
    if (version() >= 5) {
      listInStrings(folder);
    } else {
      listInPlace();
    }
    program.place(headEnd, null);
    rows.forEach((section, list) -> sequence(list, Objects.requireNonNull(ends.get(section))));
    program.place(end, null);
    program.pop();
  }

  private void length(AsmSymbol end) {
    AsmSymbol start = program.fresh();
    program.number(difference(end, start), 4, null);
    program.place(start, null);
  }

  private static Expression difference(AsmSymbol to, AsmSymbol from) {
    return Expression.binary(Expression.BinaryOp.SUBTRACT, Expression.of(to), Expression.of(from));
  }

  private void listInPlace() {
    folders.subList(1, folders.size()).forEach(this::string);
    program.number(0, 1, null);
    for (SourceFile file : files.subList(1, files.size())) {
      if (file != null) {
        string(file.name());
        unsigned(file.folder());
        unsigned(0);
        unsigned(0);
      }
    }
    program.number(0, 1, null);
  }

  private void string(String text) {
    program.bytes(text.getBytes(StandardCharsets.UTF_8), null);
    program.number(0, 1, null);
  }

  private void listInStrings(String folder) {
    program.number(1, 1, null);
    unsigned(PATH);
    unsigned(FORM_LINE_STRP);
    unsigned(folders.size());
    stringOffset(folders.getFirst().isEmpty() ? folder : folders.getFirst());
    folders.subList(1, folders.size()).forEach(this::stringOffset);
    boolean hashed = files.stream().anyMatch(f -> f != null && f.md5() != null);
    program.number(hashed ? 3 : 2, 1, null);
    unsigned(PATH);
    unsigned(FORM_LINE_STRP);
    unsigned(DIRECTORY);
    unsigned(FORM_UDATA);
    if (hashed) {
      unsigned(MD5);
      unsigned(FORM_DATA16);
    }
    unsigned(files.size());
    for (SourceFile file : files) {
      SourceFile named = file == null ? anyFile() : file;
      stringOffset(named.name());
      unsigned(named.folder());
      if (hashed) {
        hash(named.md5());
      }
    }
  }

  /// GNU as takes it for a number of 16 bytes, so the last digits come first.
  private void hash(@Nullable Bytes md5) {
    for (int i = 15; i >= 0; i--) {
      program.number(md5 == null ? 0 : md5.u8(i), 1, null);
    }
  }

  private SourceFile anyFile() {
    return files.stream().filter(Objects::nonNull).findFirst().orElseThrow();
  }

  /// Refers to a string in `.debug_line_str`, which it adds.
  private void stringOffset(String text) {
    program.push();
    program.enter(
        program.section(
            ".debug_line_str", SectionType.PROGBITS, Section.MERGE | Section.STRINGS, 1),
        0);
    AsmSymbol at = program.here();
    string(text);
    program.pop();
    program.number(Expression.of(at), 4, null);
  }

  private void unsigned(long value) {
    program.bytes(Fragment.Leb.encode(value, false, 1), null);
  }

  private void signed(long value) {
    program.bytes(Fragment.Leb.encode(value, true, 1), null);
  }

  private void opcode(int code) {
    program.number(code, 1, null);
  }

  private void extended(int code, int size) {
    program.number(0, 1, null);
    unsigned(1L + size);
    opcode(code);
  }

  private void sequence(List<Row> list, AsmSymbol end) {
    Position state = Position.FIRST;
    AsmSymbol last = null;
    for (Row row : list) {
      change(state, row.position());
      long lines = row.position().line() - state.line();
      if (last == null) {
        extended(SET_ADDRESS, 8);
        program.number(Expression.of(row.at()), 8, null);
        first(lines);
      } else {
        opcode(ADVANCE_LINE);
        signed(lines);
        advance(last, row.at());
        opcode(COPY);
      }
      state = row.position();
      last = row.at();
    }
    advance(Objects.requireNonNull(last), end);
    extended(END_SEQUENCE, 0);
  }

  private void advance(AsmSymbol from, AsmSymbol to) {
    program.lineAdvance(from, to);
  }

  private void change(Position from, Position to) {
    if (from.file() != to.file()) {
      opcode(SET_FILE);
      unsigned(to.file());
    }
    if (from.column() != to.column()) {
      opcode(SET_COLUMN);
      unsigned(to.column());
    }
    if (to.discriminator() != 0) {
      extended(SET_DISCRIMINATOR, Fragment.Leb.encode(to.discriminator(), false, 1).length);
      unsigned(to.discriminator());
    }
    if (from.isa() != to.isa()) {
      opcode(SET_ISA);
      unsigned(to.isa());
    }
    if (from.isStatement() != to.isStatement()) {
      opcode(NEGATE_STATEMENT);
    }
    for (Mark mark : Mark.values()) {
      if (to.marks().contains(mark)) {
        opcode(mark.opcode);
      }
    }
  }

  /// The first row of a sequence takes one opcode if its line is near.
  private void first(long lines) {
    boolean near = lines >= LINE_BASE && lines < LINE_BASE + LINE_RANGE;
    if (!near) {
      opcode(ADVANCE_LINE);
      signed(lines);
    }
    opcode(near && lines != 0 ? (int) (lines - LINE_BASE) + OPCODE_BASE : COPY);
  }

  /// The opcodes of a step by a distance in 2 bytes, or of an address where that may not do.
  static byte[] advanceOpcode(long distance) {
    return distance > MOST_ADVANCE
        ? new byte[] {0, 9, SET_ADDRESS, 0, 0, 0, 0, 0, 0, 0, 0}
        : new byte[] {FIXED_ADVANCE, 0, 0};
  }

  /// As far as GNU as trusts 2 bytes, which a linker may still change.
  static final long MOST_ADVANCE = 50_000;

  /// {@return whether the section that is being filled has no row yet}
  public boolean isNewSection() {
    return !rows.containsKey(program.current());
  }

  private static final int COMPILE_UNIT = 0x11;
  private static final int MIPS_ASSEMBLER = 0x8001;

  /// The attributes of a unit and their forms: the table of lines, name, folder, producer,
  /// language, first and last address (DWARF 4, 7.5.4).
  private static final int[][] ATTRIBUTES = {
    {0x10, 0x17}, {0x03, 0x08}, {0x1b, 0x08}, {0x25, 0x08}, {0x13, 0x05}, {0x11, 0x01}, {0x12, 0x01}
  };

  /// Adds the units that the rows belong to, one for each section of code: `.debug_info` and what
  /// it needs.
  ///
  /// @param name of the first text
  public void describe(String name, String folder) {
    program.push();
    program.enter(program.section(".debug_abbrev", SectionType.PROGBITS, 0, 0), 0);
    unsigned(1);
    unsigned(COMPILE_UNIT);
    program.number(0, 1, null);
    for (int[] attribute : ATTRIBUTES) {
      unsigned(attribute[0]);
      unsigned(attribute[1]);
    }
    unsigned(0);
    unsigned(0);
    unsigned(0);
    program.pop();
    rows.keySet().forEach(section -> unit(section, name, folder));
  }

  private void unit(AsmSection section, String name, String folder) {
    AsmSymbol end = program.endOf(section);
    program.push();
    program.enter(program.section(".debug_info", SectionType.PROGBITS, 0, 0), 0);
    AsmSymbol after = program.fresh();
    length(after);
    program.number(4, 2, null);
    program.number(Expression.of(program.symbol(".debug_abbrev")), 4, null);
    program.number(8, 1, null);
    unsigned(1);
    program.number(Expression.of(program.symbol(".debug_line")), 4, null);
    string(name);
    string(folder);
    string("Tessera");
    program.number(MIPS_ASSEMBLER, 2, null);
    program.number(Expression.of(program.startOf(section)), 8, null);
    program.number(Expression.of(end), 8, null);
    program.place(after, null);
    program.pop();
  }
}
