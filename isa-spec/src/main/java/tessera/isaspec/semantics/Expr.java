package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.diagnostic.Span;

/// A bound expression: names resolved, functions inlined, every width a constant.
///
/// Reads see the state before the step (language.md R5). The only effects an expression has are to
/// raise flags, and what atomic accesses do to memory; an access may trap.
public sealed interface Expr {

  /// {@return what kind of value this is}
  Type type();

  /// A constant: a whole number, bits (read as unsigned, or as signed for `sint`), a float's bits,
  /// true as 1.
  record Literal(Type type, BigInteger value) implements Expr {}

  /// A name of this body.
  record LocalValue(Local local) implements Expr {
    @Override
    public Type type() {
      return local.type();
    }
  }

  /// The value of a format's field in the word at hand, where binding left it open.
  record FieldValue(String field, Type type) implements Expr {}

  /// A whole register. `index` is an `Int` within the file.
  record ReadRegister(RegisterFile file, Expr index, Type type) implements Expr {}

  /// The element of a register file whose first bit is `bit`.
  record ReadElement(RegisterFile file, Expr bit, Type type) implements Expr {}

  /// The element of a view, or `otherwise` outside its extents (`b.at(k, default)`); without
  /// `otherwise` the indices are known to lie inside.
  record ReadView(View view, List<Expr> indices, @Nullable Expr otherwise, Type type)
      implements Expr {}

  /// A whole CSR, 64 bits, computed fields included.
  record ReadCsr(Csr csr, Type type) implements Expr {}

  /// One field of a CSR.
  record ReadCsrField(Csr csr, CsrField field, Type type) implements Expr {}

  /// The CSR with a run-time number; `needs` is not asked (`csr.ok` is what asks).
  record ReadCsrNumber(Expr number, Type type) implements Expr {}

  /// `csr.ok(number, writes)`: may it be accessed so, now?
  record CsrAllows(Expr number, Expr writes) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// The address of the instruction at hand.
  record Pc() implements Expr {
    @Override
    public Type type() {
      return Type.bits(64);
    }
  }

  /// The address after it, by its own length.
  record NextPc() implements Expr {
    @Override
    public Type type() {
      return Type.bits(64);
    }
  }

  /// The fetched bits.
  record FetchedWord() implements Expr {
    @Override
    public Type type() {
      return Type.bits(64);
    }
  }

  /// A line of the platform (`hart`, `mtime`, `external`, …).
  record Input(String line, Type type) implements Expr {}

  /// What only the engine knows after a step, in `cost`: `taken`, `active`, `pages`, `mem_latency`.
  record Observed(String name, Type type) implements Expr {}

  enum UnaryOp {
    NEGATE,
    COMPLEMENT,
    NOT
  }

  record Unary(UnaryOp op, Expr of, Type type) implements Expr {}

  /// `DIV` and `REM` are total with the architecture's corner cases; shifts by the width or more
  /// give 0 or the sign. The right side of a shift is an `Int` or `uint`.
  enum BinaryOp {
    ADD,
    SUB,
    MUL,
    DIV,
    REM,
    AND,
    OR,
    XOR,
    SHL,
    SHR,
    MIN,
    MAX
  }

  /// Both sides have type `type` (but the amount of a shift). On `Int` division is floor division
  /// of numbers that are not negative; on `Exact` only ADD, SUB and MUL exist.
  record Binary(BinaryOp op, Expr left, Expr right, Type type) implements Expr {}

  enum CompareOp {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  /// Both sides have one type. On floats and exact numbers the comparison is numeric and quiet: NaN
  /// compares unequal, zeros equal.
  record Compare(CompareOp op, Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// Short-circuit `&&`.
  record And(Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// Short-circuit `||`.
  record Or(Expr left, Expr right) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// Only the chosen side is evaluated.
  record Select(Expr condition, Expr yes, Expr no, Type type) implements Expr {}

  /// Bits `hi` to `lo`.
  record Slice(Expr of, int hi, int lo) implements Expr {
    @Override
    public Type type() {
      return Type.bits(hi - lo + 1);
    }
  }

  /// One bit with a run-time number; false beyond the width.
  record BitAt(Expr of, Expr index) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// The first part is the high end.
  record Concat(List<Expr> parts, Type type) implements Expr {}

  enum Extend {
    ZEXT,
    SEXT,
    TRUNC
  }

  /// Bits to bits of another width.
  record Resize(Extend how, Expr of, Type type) implements Expr {}

  /// The same bits, read another way (bits, uint, sint and floats of one width).
  record Reread(Expr of, Type type) implements Expr {}

  /// Bits as a whole number, by their own reading (bits as unsigned).
  record ToInt(Expr of, Type type) implements Expr {}

  /// The low bits of a whole number (or of a whole exact number).
  record Wrap(Expr of, Type type) implements Expr {}

  record MakeArray(List<Expr> elements, Type type) implements Expr {}

  /// An element of an array; the index is known to lie inside.
  record ArrayAt(Expr array, Expr index, Type type) implements Expr {}

  record MakeTuple(List<Expr> elements, Type type) implements Expr {}

  record TupleAt(Expr tuple, int index, Type type) implements Expr {}

  /// The `k`-th element of type `type` from byte `address`; 4-bit elements lie low nibble first.
  record Load(Expr address, @Nullable Expr k, Type type) implements Expr {}

  /// Would an access trap? Pure.
  record Faults(Expr address, Expr bytes, AccessKind kind) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// Loads bits and holds a reservation of their bytes from the end of the step on (load-reserved).
  record Reserve(Expr address, Type type) implements Expr {}

  /// Stores bits if this hart still holds a reservation of all their bytes, and gives the
  /// reservation up (store-conditional): whether it stored.
  record Conditional(Expr address, Expr value) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// Reads bits and writes others in one access: what was read.
  ///
  /// @param old what was read, as `fresh` sees it
  record Amo(Expr address, Local old, Expr fresh, Type type) implements Expr {}

  /// Does this hart hold a reservation?
  record Reserved() implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// A float or a whole number as an exact number.
  record ToExact(Expr of) implements Expr {
    @Override
    public Type type() {
      return Type.EXACT;
    }
  }

  /// Makes a float, or a saturated whole number, of an exact number by the environment's rounding
  /// mode (or `mode`), raising its flags. Where `type` is `Exact`, it rounds to a whole number.
  record Round(Expr of, @Nullable Rounding mode, Type type) implements Expr {}

  /// A declared `real` function of exact numbers; only ever the operand of a [Round].
  record RealCall(RealFunction function, List<Expr> arguments) implements Expr {
    @Override
    public Type type() {
      return Type.EXACT;
    }
  }

  /// Clamps a whole number into `type`, raising SAT when it did.
  record Saturate(Expr of, Type type) implements Expr {}

  /// A whole number or bits shifted right by `amount`, rounded by a fixed-point mode: 0 to nearest,
  /// ties up; 1 to nearest, ties to even; 2 down; 3 to odd.
  record RoundOff(Expr of, Expr amount, Expr mode, Type type) implements Expr {}

  /// The value without raising `flag`.
  record Mute(Flag flag, Expr of) implements Expr {
    @Override
    public Type type() {
      return of.type();
    }
  }

  enum FloatTest {
    NAN,
    SNAN,
    INFINITE,
    FINITE,
    NEGATIVE,
    SUBNORMAL
  }

  /// A question about one float or exact number.
  record TestFloat(FloatTest test, Expr of) implements Expr {
    @Override
    public Type type() {
      return Type.BOOL;
    }
  }

  /// `exact` functions: `floor`, `sign` (an `Int`), `pow2` of an `Int`.
  enum ExactFunction {
    FLOOR,
    SIGN,
    POW2,
    /// the exponent of the leading bit, an `Int`
    EXPONENT
  }

  record ExactCall(ExactFunction function, Expr of, Type type) implements Expr {}

  /// Increasing-order reduction: `accumulator = start`, then for each group of up to `by` present
  /// terms `accumulator = step`. Terms whose condition is false are absent; a group without terms
  /// is skipped. Without grouping `by` is 1 and `terms` holds the one term.
  ///
  /// @param anyOrder every order and tree of steps is allowed (`fold_any`)
  /// @param terms the local that `step` sees: the term itself where `grouped` is false, else an
  ///   array of which [SumTerms] and [CountTerms] know how many are present
  record Fold(
      Expr start,
      Local accumulator,
      Local index,
      Expr from,
      Expr to,
      int by,
      boolean grouped,
      @Nullable Expr condition,
      Expr term,
      Local terms,
      Expr step,
      boolean anyOrder,
      Type type)
      implements Expr {}

  /// The exact sum of the terms that are present.
  record SumTerms(Local terms, Type type) implements Expr {}

  /// The least index whose condition holds, or -1.
  record First(Local index, Expr from, Expr to, Expr condition, Type type) implements Expr {}

  /// Statements, then a value: an inlined function or action.
  record Inline(List<Stmt> statements, Expr result) implements Expr {
    @Override
    public Type type() {
      return result.type();
    }
  }

  /// A comparison-defined function of exact numbers (language.md 7).
  ///
  /// @param parameters its arguments, exact
  /// @param special cases in order: condition, then what it is
  /// @param target the local `t` of the comparison, exact
  /// @param compare the sign of f(x) - t, an `Int`
  record RealFunction(
      String name,
      List<Local> parameters,
      List<Special> special,
      Local target,
      Expr compare,
      Span span) {}

  /// A special case of a `real`.
  ///
  /// @param value null: the operation is invalid
  record Special(Expr condition, @Nullable Expr value) {}

  /// Infinity or zero with the exclusive-or of the signs of `signs`.
  record SignedSpecial(List<Expr> signs, boolean infinity) implements Expr {
    @Override
    public Type type() {
      return Type.EXACT;
    }
  }
}
