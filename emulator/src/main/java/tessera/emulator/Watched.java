package tessera.emulator;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Handler;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.Expr;
import tessera.isaspec.semantics.Type;
import tessera.isaspec.semantics.Walk;

/// The stored state that parts of the text read: bits of CSRs, and single registers. As long as
/// none of it changes, they say the same.
final class Watched {
  /// What was found for an ISA: its texts are long to walk, and every hart asks.
  private static final Map<Isa, Map<List<String>, Watched>> FOUND =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final long[] bits;
  private final boolean[] files;
  private final List<RegisterFile> registerFiles;

  private Watched(long[] bits, boolean[] files, List<RegisterFile> registerFiles) {
    this.bits = bits;
    this.files = files;
    this.registerFiles = registerFiles;
  }

  /// {@return what these handlers read, without the lines of the platform}
  static Watched by(Isa isa, String... handlers) {
    return FOUND
        .computeIfAbsent(isa, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(List.of(handlers), names -> new Reader(isa).read(names));
  }

  /// {@return the bits of a CSR that are read}
  long bits(int csr) {
    return bits[csr];
  }

  /// {@return whether a file of one register is read}
  boolean reads(int file) {
    return files[file];
  }

  /// {@return the values of all that is read}
  List<Long> values(Hart hart) {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < bits.length; i++) {
      if (bits[i] != 0) {
        values.add(hart.csrs()[i] & bits[i]);
      }
    }
    for (RegisterFile file : registerFiles) {
      if (files[file.ordinal()]) {
        values.add(hart.readRegister(file, 0));
      }
    }
    return values;
  }

  /// Walks the texts.
  private static final class Reader {
    private final Isa isa;
    private final long[] bits;
    private final boolean[] files;
    private final Set<Place> seen = new HashSet<>();

    /// A field by its place: the field itself holds trees that are long to hash.
    private record Place(int csr, long mask) {}

    Reader(Isa isa) {
      this.isa = isa;
      this.bits = new long[isa.csrs().size()];
      this.files = new boolean[isa.registerFiles().size()];
    }

    Watched read(List<String> handlers) {
      for (String name : handlers) {
        Handler h = isa.handler(name);
        if (h != null) {
          Walk.expr(h.condition(), this::note);
          Walk.statement(h.body(), this::note);
        }
      }
      return new Watched(bits, files, isa.registerFiles());
    }

    private void note(Expr expr) {
      switch (expr) {
        case Expr.ReadRegister(var file, _, _) -> files[file.ordinal()] |= file.count() == 1;
        case Expr.ReadCsr(var csr, _) -> whole(csr);
        case Expr.ReadCsrField(var csr, var field, _) -> field(csr, field);
        case Expr.ReadCsrNumber(var number, _) -> numbered(number);
        case Expr.CsrAllows _ -> isa.csrs().forEach(this::whole);
        default -> {}
      }
    }

    private void numbered(Expr number) {
      for (Csr csr : isa.csrs()) {
        boolean mayBe =
            !(number.type() instanceof Type.Int(var min, var max))
                || min.compareTo(BigInteger.valueOf(csr.number())) <= 0
                    && max.compareTo(BigInteger.valueOf(csr.number())) >= 0;
        if (mayBe) {
          whole(csr);
        }
      }
    }

    private void whole(Csr csr) {
      Csr shown = csr.shown();
      CsrField field = csr.shownField();
      if (shown == null) {
        csr.fields().forEach(f -> field(csr, f));
      } else if (field == null) {
        whole(shown);
      } else {
        field(shown, field);
      }
    }

    private void field(Csr csr, CsrField field) {
      bits[csr.ordinal()] |= field.mask();
      if (seen.add(new Place(csr.ordinal(), field.mask()))) {
        switch (field.rule()) {
          case CsrField.Rule.Computed(var value) -> Walk.expr(value, this::note);
          case CsrField.Rule.Counts(_, var code, var runs) -> {
            Walk.expr(code, this::note);
            Walk.expr(runs, this::note);
          }
          case CsrField.Rule.Stored _, CsrField.Rule.Fixed _, CsrField.Rule.Line _ -> {}
        }
      }
    }
  }
}
