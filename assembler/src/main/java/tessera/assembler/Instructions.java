package tessera.assembler;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tessera.assembler.parser.Line;
import tessera.assembler.parser.Node;
import tessera.assembler.parser.SyntaxError;
import tessera.assembler.parser.Words;
import tessera.assembler.relocate.Expression;
import tessera.elf.RelocationType;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.diagnostic.Diagnostic;
import tessera.isaspec.diagnostic.Span;
import tessera.isaspec.diagnostic.Suggestion;
import tessera.isaspec.encoding.FieldLayout;
import tessera.isaspec.semantics.Bound;
import tessera.isaspec.semantics.FieldEvaluator;
import tessera.isaspec.semantics.Unbound;
import tessera.isaspec.syntax.Alias;
import tessera.isaspec.syntax.OperandClass;
import tessera.isaspec.syntax.Template;

/// Turns a line with a mnemonic into encoded instructions, or says what is wrong with it.
final class Instructions {
  private static final String THREAD_MARK = "tprel_add";

  /// An operand without bits of its own.
  private static final tessera.isaspec.syntax.Operand NO_BITS =
      new tessera.isaspec.syntax.Operand(
          new FieldLayout(THREAD_MARK, List.of()),
          new OperandClass(
              THREAD_MARK, false, 1, List.of(), null, 1, List.of(THREAD_MARK), false, null));

  private final Isa isa;
  private final Mnemonics mnemonics;
  private final Scope scope;
  private final Map<String, List<String>> words = new HashMap<>();

  Instructions(Isa isa, Mnemonics mnemonics, Scope scope) {
    this.isa = isa;
    this.mnemonics = mnemonics;
    this.scope = scope;
  }

  /// {@return whether anything is written so}
  boolean knows(String mnemonic) {
    return !mnemonics.candidates(mnemonic).isEmpty() || isLoadConstant(mnemonic);
  }

  private static boolean isLoadConstant(String mnemonic) {
    return mnemonic.equals("li");
  }

  /// {@return the words of a line}
  ///
  /// @throws SyntaxError saying what is wrong with it
  List<Encoder.Encoded<Expression>> read(Line line, String mnemonic, Span at, Options options) {
    List<Candidate> candidates = candidates(mnemonic, options);
    if (isLoadConstant(mnemonic)) {
      List<Encoder.Encoded<Expression>> constant = loadConstant(line, options.compressed());
      if (constant != null) {
        return constant;
      }
    }
    if (candidates.isEmpty()) {
      throw new SyntaxError(unknown(mnemonic, at));
    }
    return read(line, candidates, at, options.compressed());
  }

  /// `la` under `.option pic` is the load from the global offset table (psABI, "Assembly
  /// Pseudoinstructions"), which has a name of its own in the text.
  private List<Candidate> candidates(String mnemonic, Options options) {
    List<Candidate> global =
        options.pic() && mnemonic.equals("la") ? mnemonics.candidates("lga") : List.of();
    return global.isEmpty() ? mnemonics.candidates(mnemonic, options.compressed()) : global;
  }

  /// {@return the words of a line that is one of these}
  ///
  /// @throws SyntaxError saying what is wrong with it
  List<Encoder.Encoded<Expression>> read(
      Line line, List<Candidate> candidates, Span at, boolean compressed) {
    Line.Read mark = threadMark(line);
    int end = mark == null ? line.end() : mark.next();
    OperandMatcher matcher =
        new OperandMatcher(isa, line, end, candidates.getFirst(), scope::constant, this::words);
    Encoder.Result<Node> refused = null;
    // The mark of a thread's variable belongs to the long form.
    Readings<Node> readings = mnemonics.readings(compressed && mark == null);
    for (Candidate candidate : candidates) {
      Map<String, Argument<Node>> holes = readings.isSettled() ? null : matcher.match(candidate);
      if (holes != null && holds(candidate, holes)) {
        Encoder.Result<Node> result = Encoder.encode(candidate, holes);
        if (result instanceof Encoder.Result.Done<Node>(var encoded)) {
          readings.offer(candidate, encoded, mnemonics.mayShorten(candidate));
        } else {
          refused = refused == null ? result : refused;
        }
      }
    }
    List<Encoder.Encoded<Node>> words = readings.best();
    if (words != null) {
      return words.stream().map(e -> resolve(e, mark)).toList();
    }
    throw new SyntaxError(
        refused != null ? refused(refused, line, at) : mismatch(matcher, candidates, line, at));
  }

  private static boolean holds(Candidate candidate, Map<String, Argument<Node>> holes) {
    if (!(candidate instanceof Candidate.Pseudo(var alias, _)) || alias.condition() == null) {
      return true;
    }
    Map<String, Long> values = new HashMap<>();
    holes.forEach((name, argument) -> {
      if (argument instanceof Argument.Number<Node>(var value)) {
        values.put(name, value);
      }
    });
    return values.size() == holes.size() && alias.condition().test(values);
  }

  /// `add a0, a0, tp, %tprel_add(x)`: the last operand only lets a linker know (psABI, "Local
  /// Exec").
  ///
  /// @return its expression, and the token before it
  private static Line.@Nullable Read threadMark(Line line) {
    for (int i = line.first(); i < line.end(); i++) {
      if (line.text(i).equals(",")
          && line.text(i + 1).equals("%")
          && line.text(i + 2).equals(THREAD_MARK)) {
        Line.Read read = line.operand(i + 1);
        return read != null && read.next() == line.end() ? new Line.Read(read.operand(), i) : null;
      }
    }
    return null;
  }

  private Encoder.Encoded<Expression> resolve(
      Encoder.Encoded<Node> encoded, Line.@Nullable Read mark) {
    List<Encoder.Target<Expression>> targets = new ArrayList<>();
    if (mark != null) {
      targets.add(
          new Encoder.Target.Of<>(
              NO_BITS,
              RelocationType.TPREL_ADD,
              scope.expression(mark.operand().expression()),
              mark.operand().span()));
    }
    for (Encoder.Target<Node> target : encoded.targets()) {
      targets.add(
          switch (target) {
            case Encoder.Target.Of<Node>(var operand, var type, var node, _) ->
                new Encoder.Target.Of<>(operand, type, scope.expression(node), node.span());
            case Encoder.Target.OwnLow<Node>(var operand, var type) ->
                new Encoder.Target.OwnLow<>(operand, type);
          });
    }
    return new Encoder.Encoded<>(encoded.instruction(), encoded.word(), targets);
  }

  private List<String> words(String text) {
    return words.computeIfAbsent(text, Words::of);
  }

  // li

  /// {@return the sequence for `rd, number`, or null if the line is anything else}
  private @Nullable List<Encoder.Encoded<Expression>> loadConstant(Line line, boolean compressed) {
    int first = line.first();
    Line.Read read = line.text(first + 1).equals(",") ? line.operand(first + 2) : null;
    if (read == null || read.next() != line.end() || read.operand().function() != null) {
      return null;
    }
    OptionalLong value = scope.constant(read.operand().expression());
    return value.isEmpty()
        ? null
        : LoadConstant.encode(
            isa, mnemonics, Operand.word(line.text(first)), value.getAsLong(), compressed);
  }

  // What is wrong

  private Diagnostic unknown(String mnemonic, Span at) {
    Diagnostic error =
        Diagnostic.error(
            "unknown-instruction",
            at,
            "unknown instruction '" + mnemonic + "' in " + isa.shortName());
    if (knows(mnemonic)) {
      return error.help("it has 2 bytes, and .option norvc is in force");
    }
    String lower = mnemonic.toLowerCase(Locale.ROOT);
    String nearest =
        knows(lower)
            ? lower
            : mnemonic.length() < 2 ? null : Suggestion.nearest(lower, mnemonics.names());
    return nearest == null ? error : error.help("did you mean '" + nearest + "'?");
  }

  private Diagnostic mismatch(
      OperandMatcher matcher, List<Candidate> candidates, Line line, Span at) {
    OperandMatcher.Failure failure = matcher.failure();
    if (failure == null) {
      return count(candidates, line, at);
    }
    if (failure.rangeOf() != null) {
      return range(failure, failure.rangeOf(), line);
    }
    List<Template.Piece> pieces = failure.candidate().operands().pieces();
    if (failure.piece() < pieces.size()
        && failure.token() < line.end()
        && pieces.get(failure.piece()) instanceof Template.Piece.Hole(var hole)) {
      return kind(failure, hole, line);
    }
    return failure.piece() == pieces.size()
        ? rest(failure, candidates, line)
        : count(candidates, line, at);
  }

  /// What is left over may be meant for an operand that may be left out (a rounding mode).
  private Diagnostic rest(OperandMatcher.Failure failure, List<Candidate> candidates, Line line) {
    Template operands = failure.candidate().operands();
    OperandClass last =
        operands.holes().isEmpty()
            ? null
            : failure.candidate().operandClass(operands.holes().getLast());
    if (last != null && last.finite() && line.text(failure.token()).equals(",")) {
      return Diagnostic.error(
          "operand-kind",
          line.span(failure.token() + 1),
          failure.candidate().mnemonic()
              + " wants "
              + Describe.wanted(last)
              + ", got "
              + Describe.got(isa, line.text(failure.token() + 1)));
    }
    return count(candidates, line, line.span(failure.token()));
  }

  private static Diagnostic count(List<Candidate> candidates, Line line, Span at) {
    String forms =
        String.join(
            "' or '",
            candidates.stream()
                .map(c -> (c.mnemonic() + " " + Describe.plain(c.operands())).strip())
                .distinct()
                .limit(3)
                .toList());
    String got = line.operationSpan().text().strip().replaceAll("\\s+", " ");
    return Diagnostic.error(
        "operand-count", at, "expected '" + forms + "', got '" + shortened(got) + "'");
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private Diagnostic kind(OperandMatcher.Failure failure, String hole, Line line) {
    Candidate candidate = failure.candidate();
    OperandClass wanted = candidate.operandClass(hole);
    int token = failure.token();
    Line.Read read = line.operand(token);
    boolean wantsNumber = wanted != null && isNumber(wanted);
    if (read == null && wantsNumber && !line.isName(token)) {
      return line.noOperand(token);
    }
    Span span = read != null && wantsNumber ? read.operand().span() : line.span(token);
    String got =
        read != null && wantsNumber && !line.isName(token)
            ? "'" + span.text() + "'"
            : got(read, line, token);
    Diagnostic error =
        Diagnostic.error(
            "operand-kind",
            span,
            candidate.mnemonic()
                + " wants "
                + (isLoadConstant(candidate.mnemonic()) && wantsNumber
                    ? "a number that is known here"
                    : Describe.wanted(wanted))
                + ", got "
                + got);
    String help =
        wanted == null || isLoadConstant(candidate.mnemonic())
            ? null
            : kindHelp(wanted, line, token, read);
    return help == null ? error : error.help(help);
  }

  /// A lone name may be a register; anything longer is shown as it is.
  private String got(Line.@Nullable Read read, Line line, int token) {
    return read == null || read.operand().expression() instanceof Node.Name
        ? Describe.got(isa, line.text(token))
        : "'" + read.operand().span().text() + "'";
  }

  private static boolean isNumber(OperandClass wanted) {
    return wanted.readings().stream().anyMatch(OperandClass.Reading.Immediate.class::isInstance);
  }

  private @Nullable String kindHelp(
      OperandClass wanted, Line line, int token, Line.@Nullable Read read) {
    String nearest = Suggestion.nearest(line.text(token), names(wanted));
    if (nearest != null && !nearest.equals(line.text(token))) {
      return "did you mean '" + nearest + "'?";
    }
    if (read == null || !isNumber(wanted) || wanted.relocations().isEmpty()) {
      return null;
    }
    List<String> functions =
        wanted.relocations().stream().filter(f -> !f.equals("call")).map(f -> "%" + f).toList();
    if (read.operand().function() != null) {
      return functions.isEmpty() ? null : "it takes " + String.join(", ", functions);
    }
    boolean isPlace =
        read.operand().expression() instanceof Node.Name name && scope.isPlace(name.name());
    return isPlace && wanted.relocations().contains("lo")
        ? "an address does not fit; write %lo(" + line.text(token) + ") for its low part"
        : null;
  }

  /// {@return the registers and CSRs that a class names}
  private List<String> names(OperandClass wanted) {
    List<String> names = new ArrayList<>();
    for (OperandClass.Reading reading : wanted.readings()) {
      switch (reading) {
        case OperandClass.Reading.Register(var file, var numbers) ->
            numbers.forEach(n -> names.add(file.registerName(n)));
        case OperandClass.Reading.CsrName() -> isa.csrs().forEach(c -> names.add(c.name()));
        case OperandClass.Reading.Texts _,
            OperandClass.Reading.Flags _,
            OperandClass.Reading.Immediate _,
            OperandClass.Reading.PcRelative _,
            OperandClass.Reading.Parts _ -> {}
      }
    }
    return names;
  }

  private Diagnostic range(
      OperandMatcher.Failure failure, OperandMatcher.OutOfRange range, Line line) {
    Candidate candidate = failure.candidate();
    OperandClass c = range.operandClass();
    Span span = line.span(failure.token(), range.next());
    Diagnostic error =
        Diagnostic.error(
            "imm-range",
            span,
            "immediate "
                + range.value()
                + " does not fit "
                + candidate.mnemonic()
                + ": "
                + rangeText(c));
    String help = rangeHelp(candidate, range.value(), line);
    return help == null ? error : error.help(help);
  }

  private static String rangeText(OperandClass c) {
    return (c.signed() ? "signed " : "unsigned ")
        + c.width()
        + " bits, "
        + c.least()
        + ".."
        + c.greatest()
        + (c.step() > 1 ? ", multiples of " + c.step() : "");
  }

  /// Where a text of three registers has an alias that stands for this instruction, the number can
  /// go through a register: `li t0, 5000 ; add a0, a1, t0`.
  private @Nullable String rangeHelp(Candidate candidate, long value, Line line) {
    Instruction instruction =
        candidate instanceof Candidate.Plain plain
            ? plain.instruction()
            : ((Candidate.Pseudo) candidate).alias().steps().getFirst().instruction();
    for (Alias alias : isa.aliases()) {
      boolean same =
          alias.steps().size() == 1
              && alias.steps().getFirst().instruction() == instruction
              && alias.operands().holes().size() == 3;
      if (same && isa.instruction(alias.mnemonic()) != null && line.end() >= line.first() + 5) {
        return String.format(
            "use li t0, %d ; %s %s, %s, t0",
            value, alias.mnemonic(), line.text(line.first()), line.text(line.first() + 2));
      }
    }
    return null;
  }

  private static Diagnostic refused(Encoder.Result<Node> result, Line line, Span at) {
    return switch (result) {
      case Encoder.Result.OutOfRange<Node>(var instruction, var operand, var value) ->
          Diagnostic.error(
              "imm-range",
              line.operationSpan(),
              value
                  + " does not fit operand '"
                  + operand.name()
                  + "' of "
                  + instruction.name()
                  + ": "
                  + rangeText(operand.operandClass()));
      case Encoder.Result.NoFunction<Node>(var instruction, var operand, var function, var node) ->
          Diagnostic.error(
              "operand-kind",
              node.span(),
              "operand '"
                  + operand.name()
                  + "' of "
                  + instruction.name()
                  + (function == null ? " takes no address" : " takes no relocation %" + function));
      case Encoder.Result.Refused<Node>(var instruction, var word) ->
          Diagnostic.error(
              "reserved-encoding",
              at,
              "these operands of "
                  + at.text()
                  + " are reserved"
                  + broken(instruction, word).map(t -> ": it must hold that " + t).orElse(""));
      case Encoder.Result.Done<Node> _ -> throw new AssertionError();
    };
  }

  /// {@return the condition on the operands that a word breaks}
  private static Optional<String> broken(Instruction instruction, long word) {
    Map<String, BigInteger> values = new HashMap<>();
    for (var operand : instruction.operands()) {
      values.put(operand.name(), BigInteger.valueOf(operand.field().extract(word)));
    }
    try {
      return instruction.bind(Map.of()).conditions().stream()
          .filter(Bound.Condition::fieldsOnly)
          .filter(c -> !FieldEvaluator.holds(c.holds(), values))
          .map(c -> c.text().replaceAll("[{}]", ""))
          .findFirst();
    } catch (Unbound _) {
      return Optional.empty();
    }
  }
}
