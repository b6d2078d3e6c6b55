package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Handler;
import tessera.isaspec.Instruction;
import tessera.isaspec.Isa;
import tessera.isaspec.Mode;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.Trap;
import tessera.isaspec.encoding.Decoded;

/// What an instruction does to a state. Slow and obvious on purpose: every faster engine is tested
/// against it. It holds no guest state, so one serves all harts of an ISA.
public final class Evaluator {
  /// An instruction's meanings by the values of the fields and modes that its types need; the names
  /// of these are only ever added to.
  private static final class Meanings {
    private volatile List<String> wanted = List.of();
    private final Map<List<BigInteger>, Bound> bound = new ConcurrentHashMap<>();

    private synchronized List<String> want(String name) {
      if (!wanted.contains(name)) {
        List<String> more = new ArrayList<>(wanted);
        more.add(name);
        wanted = List.copyOf(more);
      }
      return wanted;
    }
  }

  private final Isa isa;
  private final Map<Instruction, Meanings> meanings = new ConcurrentHashMap<>();
  private final Map<Csr, List<Csr>> counters = new ConcurrentHashMap<>();

  private Evaluator(Isa isa) {
    this.isa = isa;
  }

  /// {@return an evaluator of an ISA}
  public static Evaluator of(Isa isa) {
    return new Evaluator(isa);
  }

  public Isa isa() {
    return isa;
  }

  /// Executes one instruction: its effects and the new pc, or a trap without effect (of a `resume`
  /// loop: with the effects of the steps before, and the restart register set).
  ///
  /// @throws GuestTrap when it traps; pc is still the instruction's
  public void step(Decoded decoded, State state) {
    Execution execution = new Execution(this, decoded, state);
    Bound meaning;
    try {
      meaning = bind(decoded, state);
    } catch (IllegalInstruction _) {
      throw illegal(decoded.word(), state);
    }
    execution.run(meaning);
  }

  /// Executes one instruction as [#step] does, and counts.
  ///
  /// @param most steps of loops and folds after which it gives up
  /// @return the products that folds added up
  /// @throws GuestTrap when it traps
  /// @throws TextFault with code `unbounded-loop` when it gave up
  public long products(Decoded decoded, State state, long most) {
    Execution execution = new Execution(this, decoded, state);
    execution.fuel = most;
    try {
      execution.run(bind(decoded, state));
    } catch (IllegalInstruction _) {
      throw illegal(decoded.word(), state);
    }
    return execution.products;
  }

  /// A mode has no value now, so no condition that would allow the instruction can hold.
  private static final class IllegalInstruction extends RuntimeException {
    private static final long serialVersionUID = 1;

    IllegalInstruction() {
      super("illegal", null, false, false);
    }
  }

  /// {@return the instruction's meaning, bound with the fields and modes that its types need}
  private Bound bind(Decoded decoded, State state) {
    Instruction instruction = decoded.instruction();
    Meanings known = meanings.computeIfAbsent(instruction, _ -> new Meanings());
    List<String> names = known.wanted;
    List<BigInteger> values = new ArrayList<>();
    while (true) {
      for (int i = values.size(); i < names.size(); i++) {
        values.add(staticValue(names.get(i), decoded, state));
      }
      Bound bound = known.bound.get(values);
      if (bound != null) {
        return bound;
      }
      Map<String, BigInteger> statics = new HashMap<>();
      for (int i = 0; i < values.size(); i++) {
        statics.put(names.get(i), values.get(i));
      }
      try {
        Bound meaning = instruction.bind(Map.copyOf(statics));
        known.bound.put(List.copyOf(values), meaning);
        return meaning;
      } catch (Unbound unbound) {
        names = known.want(unbound.name());
      }
    }
  }

  private BigInteger staticValue(String name, Decoded decoded, State state) {
    for (Mode mode : isa.modes()) {
      if (mode.name().equals(name)) {
        Execution execution = new Execution(this, decoded, state);
        if (mode.valid() != null && !execution.truth(mode.valid())) {
          throw new IllegalInstruction();
        }
        BigInteger value = execution.number(mode.value());
        if (!mode.values().contains(value.longValueExact())) {
          throw new IllegalInstruction();
        }
        return value;
      }
    }
    return BigInteger.valueOf(decoded.operand(name));
  }

  // Around instructions

  /// Does the text's `on trap`, as a step of its own.
  ///
  /// @return whether a handler was entered: not where the text has no `on trap`, or where it enters
  ///   at a place that no instruction can be fetched from; then the state is as it was
  public boolean enter(GuestTrap trap, State state) {
    Handler handler = isa.handler("trap");
    if (handler == null) {
      return false;
    }
    Execution execution = new Execution(this, null, state);
    List<Local> told = handler.parameters();
    execution.set(told.get(0), Execution.unsigned(trap.cause()));
    execution.set(told.get(1), Execution.unsigned(trap.value()));
    execution.set(told.get(2), trap.isInterrupt() ? BigInteger.ONE : BigInteger.ZERO);
    try {
      return execution.enter(handler.body());
    } catch (GuestTrap _) {
      return false;
    }
  }

  /// {@return the interrupt that the text's `on interrupt` takes now, or null}
  public @Nullable GuestTrap interrupt(State state) {
    Handler handler = isa.handler(GuestTrap.INTERRUPT);
    if (handler == null) {
      return null;
    }
    Execution execution = new Execution(this, null, state);
    if (handler.condition() != null && !execution.truth(handler.condition())) {
      return null;
    }
    try {
      execution.run(handler.body());
      return null;
    } catch (GuestTrap trap) {
      return trap;
    }
  }

  /// Asks the text for an access: its `on access`, or for a fetch its `on fetch`.
  ///
  /// @throws GuestTrap when it refuses
  public void ask(long address, long bytes, AccessKind kind, State state) {
    boolean fetch = kind == AccessKind.FETCH;
    Handler handler = isa.handler(fetch ? "fetch" : "access");
    if (handler == null) {
      return;
    }
    Execution execution = new Execution(this, null, state);
    List<Local> told = handler.parameters();
    execution.set(told.get(0), Execution.unsigned(address));
    execution.set(told.get(1), Execution.unsigned(bytes));
    if (!fetch) {
      execution.set(told.get(2), BigInteger.valueOf(kind.ordinal()));
    }
    execution.run(handler.body());
  }

  /// {@return the counters whose running, or what they count, depends on a CSR}
  List<Csr> countersThatRead(Csr csr) {
    return counters.computeIfAbsent(csr, this::countersReading);
  }

  private List<Csr> countersReading(Csr csr) {
    List<Csr> found = new ArrayList<>();
    for (Csr counter : isa.csrs()) {
      if (counter.fields().size() == 1
          && counter.fields().getFirst().rule() instanceof CsrField.Rule.Counts c) {
        boolean[] reads = {false};
        Consumer<Expr> look =
            e ->
                reads[0] |=
                    switch (e) {
                      case Expr.ReadCsr(var read, _) -> read == csr;
                      case Expr.ReadCsrField(var read, _, _) -> read == csr;
                      case Expr.ReadCsrNumber _ -> true;
                      default -> false;
                    };
        Walk.expr(c.runs(), look);
        Walk.expr(c.code(), look);
        if (reads[0]) {
          found.add(counter);
        }
      }
    }
    return List.copyOf(found);
  }

  /// {@return the trap of an illegal instruction}
  public GuestTrap illegal(long word, State state) {
    return declared("illegal", Map.of(), word, state);
  }

  /// {@return the text's `access_fault` for what the platform refused}
  public GuestTrap accessFault(MemoryFault fault, State state) {
    Map<String, BigInteger> arguments =
        Map.of(
            "kind",
            BigInteger.valueOf(fault.kind().ordinal()),
            "address",
            new BigInteger(Long.toUnsignedString(fault.address())));
    return declared("access_fault", arguments, 0, state);
  }

  /// {@return the text's `misaligned` for an address}
  public GuestTrap misaligned(AccessKind kind, long address, State state) {
    Map<String, BigInteger> arguments =
        Map.of(
            "kind",
            BigInteger.valueOf(kind.ordinal()),
            "address",
            new BigInteger(Long.toUnsignedString(address)));
    return declared("misaligned", arguments, 0, state);
  }

  private GuestTrap declared(
      String name, Map<String, BigInteger> arguments, long word, State state) {
    for (Trap trap : isa.traps()) {
      if (trap.name().equals(name)) {
        Execution execution = new Execution(this, null, state);
        execution.word = word;
        trap.parameters()
            .forEach(p -> execution.set(p, arguments.getOrDefault(p.name(), BigInteger.ZERO)));
        return new GuestTrap(
            name,
            execution.number(trap.cause()).longValue(),
            execution.number(trap.value()).longValue());
      }
    }
    throw new IllegalStateException("the ISA declares no trap '" + name + "'");
  }

  /// {@return whether jump targets need only be multiples of 2}
  boolean compressed() {
    return isa.has("Zca") || isa.has("C");
  }

  // CSRs

  /// {@return a CSR's value as an instruction reads it, computed fields and counters included}
  public long readCsr(Csr csr, State state) {
    return new Execution(this, null, state).readCsr(csr);
  }

  /// {@return one field's value}
  public long readCsrField(Csr csr, CsrField field, State state) {
    return new Execution(this, null, state).readField(csr, field);
  }

  /// Writes a CSR by its fields' rules; `dirty` assignments happen too.
  public void writeCsr(Csr csr, long value, State state) {
    Execution execution = new Execution(this, null, state);
    execution.writeWhole(csr, value);
    execution.commit();
  }

  /// {@return `csr.ok`: it exists, the privilege reaches it, and it is not both written and
  /// read-only}
  public boolean csrAllows(long number, boolean writes, State state) {
    return new Execution(this, null, state).allows((int) number & 0xfff, writes);
  }

  /// {@return what an expression is worth in a state, outside an instruction}
  public BigInteger value(Expr expr, State state) {
    return new Execution(this, null, state).number(expr);
  }

  /// {@return what an expression of an instruction is worth}
  ///
  /// @param observed values of [Expr.Observed] by name
  public BigInteger value(
      Expr expr, Decoded decoded, State state, Map<String, BigInteger> observed) {
    Execution execution = new Execution(this, decoded, state);
    execution.observed = observed;
    return execution.number(expr);
  }

  /// {@return the privilege now: 3 where the ISA has no privilege levels}
  long privilege(State state) {
    RegisterFile priv = isa.registerFile("priv");
    return priv == null ? 3 : state.readRegister(priv, 0);
  }

  /// {@return the instruction's meaning, bound as it runs now; null where a mode has no value now}
  public @Nullable Bound meaning(Decoded decoded, State state) {
    try {
      return bind(decoded, state);
    } catch (IllegalInstruction _) {
      return null;
    }
  }

  /// {@return the instruction's cost, bound as it runs now; null where it is illegal now}
  public Bound.@Nullable Cost cost(Decoded decoded, State state) {
    try {
      return bind(decoded, state).cost();
    } catch (IllegalInstruction _) {
      return null;
    }
  }
}
