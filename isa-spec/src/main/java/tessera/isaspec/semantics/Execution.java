package tessera.isaspec.semantics;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Handler;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.encoding.Decoded;

/// One execution: reads see the state before the step, writes are kept and committed at its end.
final class Execution extends Values {
  private static final int CHUNK = 64;

  private record Write(RegisterFile file, long at, int width, BigInteger value) {}

  private record MemoryWrite(long address, int bytes, long value, AccessKind kind) {}

  private record Reservation(long address, int bytes) {}

  private record Touched(RegisterFile file, int register) {}

  private final Evaluator evaluator;
  private final @Nullable Decoded decoded;
  private final State state;
  private final List<Write> writes = new ArrayList<>();
  private final Map<RegisterFile, NavigableMap<Long, Write>> places = new HashMap<>();
  private final List<MemoryWrite> stores = new ArrayList<>();
  private final Map<Csr, Long> csrWrites = new HashMap<>();
  private final Set<Csr> wroteCsr = new HashSet<>();
  private final Set<Touched> touched = new HashSet<>();
  private @Nullable Reservation reservation;
  private boolean releases;
  private @Nullable Long jump;
  private boolean stopped;
  private Bound.@Nullable Environment environment;
  long word;

  /// Products that folds added up so far.
  long products;

  Map<String, BigInteger> observed = Map.of();

  Execution(Evaluator evaluator, @Nullable Decoded decoded, State state) {
    super(name -> {
      if (decoded == null) {
        throw new IllegalArgumentException("no word at hand for the field " + name);
      }
      return BigInteger.valueOf(decoded.operand(name));
    });
    this.evaluator = evaluator;
    this.decoded = decoded;
    this.state = state;
    this.word = decoded == null ? 0 : decoded.word();
  }

  /// Checks the conditions, runs the body, commits.
  void run(Bound meaning) {
    for (Bound.Condition condition : meaning.conditions()) {
      if (!truth(condition.holds())) {
        throw evaluator.illegal(word, state);
      }
    }
    environment = meaning.environment();
    if (environment != null && environment.round() != null) {
      rounding = small(environment.round());
    }
    try {
      run(meaning.body());
      commit();
    } catch (MemoryFault fault) {
      throw evaluator.accessFault(fault, state);
    }
    long length = decoded == null ? 0 : decoded.bytes();
    state.pc(jump != null ? jump : state.pc() + length);
  }

  /// Does `on trap` as a step of its own, if it enters where instructions can be fetched.
  boolean enter(Stmt body) {
    run(body);
    if (jump == null || state.faults(jump, 2, AccessKind.FETCH)) {
      return false;
    }
    commit();
    state.pc(jump);
    return true;
  }

  /// Makes the step's effects real: flags, stores, registers, CSRs, then what writes make dirty.
  void commit() {
    commitFlags();
    written();
    checkStores();
    if (releases) {
      state.release();
    }
    stores.forEach(s -> state.store(s.address, s.bytes, s.value, s.kind));
    if (reservation != null) {
      state.reserve(reservation.address(), reservation.bytes());
    }
    writes.forEach(this::writeBack);
    List<RegisterFile.Dirty> dirty = new ArrayList<>();
    for (Touched t : touched) {
      t.file().dirty().forEach(d -> markDirty(d, t.register()));
    }
    wroteCsr.forEach(csr -> dirty.addAll(csr.dirty()));
    dirty.forEach(d -> markDirty(d, 0));
    csrWrites.forEach(state::writeCsr);
    forget();
  }

  private void forget() {
    writes.clear();
    places.clear();
    stores.clear();
    reservation = null;
    releases = false;
    csrWrites.clear();
    wroteCsr.clear();
    touched.clear();
  }

  /// Evaluates a rule of the state, whose names have a frame of their own.
  private <T> T apart(Supplier<T> rule) {
    Object[] own = frame;
    frame = new Object[16];
    try {
      return rule.get();
    } finally {
      frame = own;
    }
  }

  /// An explicit write of the same step is what stays.
  private void markDirty(RegisterFile.Dirty d, int register) {
    apart(() -> {
      set(d.register(), BigInteger.valueOf(register));
      markDirty(d);
      return d;
    });
  }

  private void markDirty(RegisterFile.Dirty d) {
    switch (d.target()) {
      case LValue.Field(var csr, var field, _) -> {
        if (!wroteCsr.contains(csr)) {
          pending(csr, field.insert(raw(csr), number(d.value()).longValue()));
        }
      }
      case LValue.FieldBit(var csr, var field, var bit) -> {
        if (!wroteCsr.contains(csr)) {
          long one = 1L << (field.lo() + small(bit));
          pending(csr, number(d.value()).signum() != 0 ? raw(csr) | one : raw(csr) & ~one);
        }
      }
      case LValue.Register _,
          LValue.RegisterSlice _,
          LValue.Element _,
          LValue.WholeCsr _,
          LValue.CsrNumber _,
          LValue.Variable _ ->
          throw new IllegalStateException("a dirty assignment writes a field");
    }
  }

  private void commitFlags() {
    Bound.Environment env = environment;
    if (env == null) {
      return;
    }
    for (Flag flag : rounder.flags()) {
      LValue target = env.arrows().get(flag);
      if (target != null) {
        orInto(target);
      }
    }
    rounder.clear();
  }

  private void orInto(LValue target) {
    switch (target) {
      case LValue.Field(var csr, var field, _) -> writeField(csr, field, readField(csr, field) | 1);
      case LValue.FieldBit(var csr, var field, var bit) ->
          writeField(csr, field, pendingField(csr, field) | 1L << small(bit));
      case LValue.Register _,
          LValue.RegisterSlice _,
          LValue.Element _,
          LValue.WholeCsr _,
          LValue.CsrNumber _,
          LValue.Variable _ ->
          throw new IllegalStateException("a flag goes to a field");
    }
  }

  private long pendingField(Csr csr, CsrField field) {
    return field.extract(csrWrites.getOrDefault(csr, state.readCsr(csr)));
  }

  private void checkStores() {
    for (MemoryWrite s : stores) {
      ask(s.address(), s.bytes(), s.kind());
      if (state.faults(s.address(), s.bytes(), s.kind())) {
        throw firstFault(s.address(), s.bytes(), s.kind());
      }
    }
  }

  private MemoryFault firstFault(long address, int bytes, AccessKind kind) {
    for (int i = 0; i < bytes; i++) {
      if (state.faults(address + i, 1, kind)) {
        return new MemoryFault(kind, address + i);
      }
    }
    return new MemoryFault(kind, address);
  }

  private void writeBack(Write w) {
    for (int done = 0; done < w.width(); done += CHUNK) {
      int n = Math.min(CHUNK, w.width() - done);
      state.writeBits(w.file(), w.at() + done, n, w.value().shiftRight(done).longValue());
    }
  }

  @Override
  void counted(Expr.Fold fold, int terms) {
    products += isProduct(fold.term()) ? terms : 0;
  }

  /// {@return whether a fold's term is a product, whatever is done with it}
  static boolean isProduct(Expr term) {
    return switch (term) {
      case Expr.Binary(var op, _, _, _) -> op == Expr.BinaryOp.MUL;
      case Expr.Unary(_, var of, _) -> isProduct(of);
      case Expr.Select(_, var yes, var no, _) -> isProduct(yes) || isProduct(no);
      case Expr.ToExact(var of) -> isProduct(of);
      case Expr.ToInt(var of, _) -> isProduct(of);
      case Expr.Wrap(var of, _) -> isProduct(of);
      case Expr.Resize(_, var of, _) -> isProduct(of);
      case Expr.Reread(var of, _) -> isProduct(of);
      case Expr.Round(var of, _, _) -> isProduct(of);
      case Expr.Inline(var statements, var result) ->
          isProduct(result)
              || statements.stream().anyMatch(s -> s instanceof Stmt.Let(_, var v) && isProduct(v));
      default -> false;
    };
  }

  // Statements

  @Override
  void run(Stmt statement) {
    switch (statement) {
      case Stmt.Block(var statements) -> {
        for (int i = 0; i < statements.size() && !stopped; i++) {
          run(statements.get(i));
        }
      }
      case Stmt.Let(var local, var value) -> set(local, value(value));
      case Stmt.Assign(var target, var value, _) -> assign(target, value);
      case Stmt.If(var condition, var then, var otherwise) -> {
        if (truth(condition)) {
          run(then);
        } else if (otherwise != null) {
          run(otherwise);
        }
      }
      case Stmt.For(var index, var from, var to, var body) -> {
        long end = number(to).longValueExact();
        for (long k = number(from).longValueExact(); k < end && !stopped; k++) {
          burn();
          set(index, BigInteger.valueOf(k));
          run(body);
        }
      }
      case Stmt.Each(var loop, var body) -> each(loop, body);
      case Stmt.Store(var address, var k, var value, _) -> store(address, k, value);
      case Stmt.Evaluate(var expr) -> value(expr);
      case Stmt.RaiseFlag(var flag, var condition) -> {
        if (truth(condition)) {
          rounder.raise(flag);
        }
      }
      case Stmt.Raise(var trap, var cause, var value, _) ->
          throw new GuestTrap(trap, number(cause).longValue(), number(value).longValue());
      case Stmt.Require(var condition, _, _) -> {
        if (!truth(condition)) {
          throw evaluator.illegal(word, state);
        }
      }
      case Stmt.Jump(var target, _) -> jump(number(target).longValue());
      case Stmt.Await(var condition, _) -> {
        if (!truth(condition)) {
          throw new Waiting();
        }
      }
      case Stmt.Stop _ -> stopped = true;
      case Stmt.Fence _ -> {}
      case Stmt.CallShape call -> run(call.body());
    }
  }

  private void jump(long target) {
    long grain = evaluator.compressed() ? 2 : 4;
    if (target % grain != 0) {
      throw evaluator.misaligned(AccessKind.FETCH, target, state);
    }
    jump = target;
  }

  /// Steps in order; each of a `resume` loop is committed by itself, and a trap stores where to go
  /// on.
  private void each(Stmt.Loop loop, Stmt body) {
    long from = number(loop.from()).longValueExact();
    long to = number(loop.to()).longValueExact();
    Stmt.Lanes lanes = loop.lanes();
    boolean empty = lanes != null && number(lanes.begin()).compareTo(number(lanes.end())) >= 0;
    List<Stmt.Carry> carries = lanes == null ? List.of() : lanes.carries();
    carries.forEach(c -> set(c.next(), value(c.start())));
    stopped = false;
    for (long i = from; i < to && !empty && !stopped; i++) {
      burn();
      set(loop.index(), BigInteger.valueOf(i));
      carries.forEach(c -> set(c.now(), frame[c.next().slot()]));
      if (lanes != null && lanes.active() != null && !truth(lanes.active())) {
        fillLane(loop, lanes, i);
      } else if (loop.resume()) {
        if (i > from) {
          interrupted(loop, i);
        }
        resumable(loop, body, i);
      } else {
        run(body);
      }
    }
    boolean complete = !stopped;
    stopped = false;
    if (lanes != null && !empty && complete) {
      lanes.fills().forEach(f -> fillTail(f, to));
    }
    loop.after().forEach(this::run);
  }

  // Agnostic elements

  private void fillLane(Stmt.Loop loop, Stmt.Lanes lanes, long i) {
    for (Stmt.Fill fill : lanes.fills()) {
      if (fill.masked() != null && truth(fill.masked())) {
        outer(fill.view(), List.of(), indices -> fill(fill.view(), indices, i));
      }
    }
    if (loop.resume()) {
      commit();
    }
  }

  private void fillTail(Stmt.Fill fill, long to) {
    if (fill.tail() == null || !truth(fill.tail())) {
      return;
    }
    View view = fill.view();
    Local packed = fill.packed();
    long start = packed == null ? to : number(new Expr.LocalValue(packed)).longValueExact();
    long extent = number(view.extents().getLast()).longValueExact();
    outer(
        view,
        List.of(),
        indices -> {
          long last = place(view, indices, extent - 1);
          long width = view.file().width();
          long end = (last / width + 1) * width;
          for (long i = start; place(view, indices, i) < end; i++) {
            fill(view, indices, i);
          }
        });
  }

  /// Visits all values of the indices before the last.
  private void outer(View view, List<Long> indices, Consumer<List<Long>> visit) {
    if (indices.size() == view.indices().size() - 1) {
      visit.accept(indices);
      return;
    }
    long extent = number(view.extents().get(indices.size())).longValueExact();
    for (long i = 0; i < extent; i++) {
      List<Long> more = new ArrayList<>(indices);
      more.add(i);
      outer(view, more, visit);
    }
  }

  private long place(View view, List<Long> indices, long last) {
    for (int i = 0; i < indices.size(); i++) {
      set(view.indices().get(i), BigInteger.valueOf(indices.get(i)));
    }
    set(view.indices().getLast(), BigInteger.valueOf(last));
    return number(view.at()).longValueExact();
  }

  private void fill(View view, List<Long> indices, long last) {
    long at = place(view, indices, last);
    int width = view.storage();
    add(new Write(view.file(), at, width, Arithmetic.ones(width)));
    touched.add(new Touched(view.file(), (int) (at / view.file().width())));
  }

  private void resumable(Stmt.Loop loop, Stmt body, long i) {
    try {
      run(body);
      commit();
    } catch (GuestTrap trap) {
      restartAt(loop, i);
      throw trap;
    } catch (MemoryFault fault) {
      restartAt(loop, i);
      throw evaluator.accessFault(fault, state);
    }
  }

  /// Takes an interrupt that the step before has made due.
  private void interrupted(Stmt.Loop loop, long i) {
    if (state.mayInterrupt() && loop.restart() != null) {
      GuestTrap interrupt = evaluator.interrupt(state);
      if (interrupt != null) {
        restartAt(loop, i);
        throw interrupt;
      }
    }
  }

  private void restartAt(Stmt.Loop loop, long i) {
    forget();
    rounder.clear();
    if (loop.restart() != null) {
      write(loop.restart(), BigInteger.valueOf(i));
      commit();
    }
  }

  private void store(Expr address, @Nullable Expr k, Expr value) {
    Type type = value.type();
    int width = Math.max(storage(type), 1);
    BigInteger bits = bits(value);
    if (width < 8) {
      storeNibble(number(address).longValue(), k == null ? BigInteger.ZERO : number(k), bits);
      return;
    }
    int bytes = width / 8;
    long at = number(address).longValue() + (k == null ? 0 : number(k).longValue() * bytes);
    stores.add(new MemoryWrite(at, bytes, bits.longValue(), AccessKind.STORE));
  }

  /// Asks the text for an access, unless the state knows that it grants it.
  private void ask(long address, long bytes, AccessKind kind) {
    if (!state.isGranted(address, bytes, kind)) {
      evaluator.ask(address, bytes, kind, state);
    }
  }

  private long loaded(long address, int bytes, AccessKind kind) {
    ask(address, bytes, kind);
    return state.load(address, bytes, kind);
  }

  // Atomic accesses: naturally aligned, or they trap

  private BigInteger reserve(Expr address, Type type) {
    int bytes = storage(type) / 8;
    long at = aligned(address, bytes, AccessKind.RESERVE);
    BigInteger value = unsigned(loaded(at, bytes, AccessKind.RESERVE));
    reservation = new Reservation(at, bytes);
    return element(value, type);
  }

  /// It traps as a store would, whether it will store or not.
  private boolean conditional(Expr address, Expr value) {
    int bytes = storage(value.type()) / 8;
    long at = aligned(address, bytes, AccessKind.AMO);
    BigInteger stored = bits(value);
    ask(at, bytes, AccessKind.AMO);
    if (state.faults(at, bytes, AccessKind.AMO)) {
      throw firstFault(at, bytes, AccessKind.AMO);
    }
    releases = true;
    boolean holds = state.isReserved(at, bytes);
    if (holds) {
      stores.add(new MemoryWrite(at, bytes, stored.longValue(), AccessKind.AMO));
    }
    return holds;
  }

  private BigInteger amo(Expr address, Local old, Expr fresh, Type type) {
    int bytes = storage(type) / 8;
    long at = aligned(address, bytes, AccessKind.AMO);
    BigInteger before = element(unsigned(loaded(at, bytes, AccessKind.AMO)), type);
    set(old, before);
    stores.add(new MemoryWrite(at, bytes, bits(fresh).longValue(), AccessKind.AMO));
    return before;
  }

  private long aligned(Expr address, int bytes, AccessKind kind) {
    long at = number(address).longValue();
    if ((at & bytes - 1) != 0) {
      throw evaluator.misaligned(kind, at, state);
    }
    return at;
  }

  /// Two elements of 4 bits share a byte, the lower index in the low half; both may be written by
  /// one step, so the byte is joined from what the step already stores.
  private void storeNibble(long address, BigInteger k, BigInteger bits) {
    long at = address + k.shiftRight(1).longValue();
    long old = -1;
    for (MemoryWrite s : stores) {
      if (s.address() == at && s.bytes() == 1) {
        old = s.value();
      }
    }
    long before = old >= 0 ? old : loaded(at, 1, AccessKind.STORE);
    long nibble = bits.longValue() & 15;
    long joined = !k.testBit(0) ? before & 0xf0 | nibble : before & 0x0f | nibble << 4;
    stores.removeIf(s -> s.address() == at && s.bytes() == 1);
    stores.add(new MemoryWrite(at, 1, joined, AccessKind.STORE));
  }

  static int storage(Type type) {
    return switch (type) {
      case Type.Bits(_, int width) -> width;
      case Type.Floating(var format) -> format.storage();
      case Type.Bool _ -> 1;
      case Type.Int _, Type.Exact _, Type.Array _, Type.Tuple _ ->
          throw new IllegalArgumentException("no storage: " + type);
    };
  }

  // Assignments

  private void assign(LValue target, Expr value) {
    if (target instanceof LValue.Variable(var local)) {
      set(local, value(value));
      return;
    }
    Object worth = value(value);
    write(target, (BigInteger) worth);
  }

  private void write(LValue target, BigInteger value) {
    switch (target) {
      case LValue.Register(var file, var index, _) ->
          writeRegister(file, register(file, index), 0, file.width(), value);
      case LValue.RegisterSlice(var file, var index, int hi, int lo) ->
          writeRegister(file, register(file, index), lo, hi - lo + 1, value);
      case LValue.Element(var view, var indices, var type) ->
          writeElement(view, indices, type, value);
      case LValue.WholeCsr(var csr, _) -> writeWhole(csr, value.longValue());
      case LValue.Field(var csr, var field, _) -> writeField(csr, field, value.longValue());
      case LValue.FieldBit(var csr, var field, var bit) -> {
        long one = 1L << small(bit);
        long old = pendingField(csr, field);
        writeField(csr, field, value.signum() != 0 ? old | one : old & ~one);
      }
      case LValue.CsrNumber(var number, _) -> {
        Csr csr = evaluator.isa().csr(number(number).intValue() & 0xfff);
        if (csr == null) {
          throw evaluator.illegal(word, state);
        }
        writeWhole(csr, value.longValue());
      }
      case LValue.Variable(var local) -> set(local, value);
    }
  }

  private void writeRegister(RegisterFile file, int index, int lo, int width, BigInteger value) {
    if (file.zero() != null && file.zero() == index) {
      return;
    }
    long at = (long) index * file.width() + lo;
    add(new Write(file, at, width, value.and(Arithmetic.ones(width))));
    touched.add(new Touched(file, index));
  }

  private void writeElement(View view, List<Expr> indices, Type type, BigInteger value) {
    long at = elementAt(view, indices);
    int width = storage(type);
    add(new Write(view.file(), at, width, value.and(Arithmetic.ones(width))));
    touched.add(new Touched(view.file(), (int) (at / view.file().width())));
  }

  /// Two writes of one step that meet are an error of the text (language.md R5).
  private void add(Write write) {
    NavigableMap<Long, Write> others = places.computeIfAbsent(write.file(), _ -> new TreeMap<>());
    Map.Entry<Long, Write> below = others.floorEntry(write.at());
    Map.Entry<Long, Write> above = others.ceilingEntry(write.at());
    boolean meets =
        below != null && below.getKey() + below.getValue().width() > write.at()
            || above != null && above.getKey() < write.at() + write.width();
    if (meets) {
      throw new TextFault(
          "double-write",
          "two writes of one step meet in " + write.file() + " at bit " + write.at());
    }
    others.put(write.at(), write);
    writes.add(write);
  }

  private long elementAt(View view, List<Expr> indices) {
    BigInteger[] values = new BigInteger[indices.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(indices.get(i));
    }
    for (int i = 0; i < values.length; i++) {
      set(view.indices().get(i), values[i]);
    }
    BigInteger at = number(view.at());
    long end = (long) view.file().count() * view.file().width() - view.storage();
    if (at.signum() < 0 || at.compareTo(BigInteger.valueOf(end)) > 0) {
      throw new TextFault(
          "index-range",
          "the view '" + view.name() + "' leaves its registers at element " + List.of(values));
    }
    return at.longValue();
  }

  private int register(RegisterFile file, Expr index) {
    BigInteger i = number(index);
    if (i.signum() < 0 || i.compareTo(BigInteger.valueOf(file.count())) >= 0) {
      throw new TextFault("index-range", "there is no register " + file + i);
    }
    return i.intValue();
  }

  // Reads

  @Override
  Object state(Expr expr) {
    return switch (expr) {
      case Expr.ReadRegister(var file, var index, var type) ->
          readRegister(file, register(file, index), type);
      case Expr.ReadElement(var file, var bit, var type) ->
          read(file, number(bit).longValueExact(), type);
      case Expr.ReadView(var view, var indices, var otherwise, var type) ->
          readView(view, indices, otherwise, type);
      case Expr.ReadCsr(var csr, _) -> unsigned(readCsr(csr));
      case Expr.ReadCsrField(var csr, var field, _) -> unsigned(readField(csr, field));
      case Expr.ReadCsrNumber(var number, _) -> {
        Csr csr = evaluator.isa().csr(number(number).intValue() & 0xfff);
        yield csr == null ? BigInteger.ZERO : unsigned(readCsr(csr));
      }
      case Expr.CsrAllows(var number, var writes) ->
          allows(number(number).intValue() & 0xfff, truth(writes))
              ? BigInteger.ONE
              : BigInteger.ZERO;
      case Expr.Pc _ -> unsigned(state.pc());
      case Expr.NextPc _ -> unsigned(state.pc() + (decoded == null ? 0 : decoded.bytes()));
      case Expr.FetchedWord _ -> unsigned(word);
      case Expr.Input(var line, var type) ->
          Arithmetic.wrap(BigInteger.valueOf(state.input(line)), type);
      case Expr.Observed(var name, _) -> observed.getOrDefault(name, BigInteger.ZERO);
      case Expr.Load(var address, var k, var type) -> load(address, k, type);
      case Expr.Faults(var address, var bytes, var kind) ->
          faults(number(address).longValue(), number(bytes), kind)
              ? BigInteger.ONE
              : BigInteger.ZERO;
      case Expr.Reserve(var address, var type) -> reserve(address, type);
      case Expr.Conditional(var address, var value) ->
          conditional(address, value) ? BigInteger.ONE : BigInteger.ZERO;
      case Expr.Amo(var address, var old, var fresh, var type) -> amo(address, old, fresh, type);
      case Expr.Reserved _ -> state.isReserved(0, 0) ? BigInteger.ONE : BigInteger.ZERO;
      default -> throw new IllegalArgumentException("not of the state: " + expr);
    };
  }

  private boolean faults(long address, BigInteger bytes, AccessKind kind) {
    if (bytes.signum() <= 0 || bytes.bitLength() > 62) {
      return bytes.signum() > 0;
    }
    try {
      ask(address, bytes.longValue(), kind);
    } catch (GuestTrap _) {
      return true;
    }
    return state.faults(address, bytes.longValue(), kind);
  }

  static BigInteger unsigned(long value) {
    BigInteger signed = BigInteger.valueOf(value);
    return value >= 0 ? signed : signed.and(Arithmetic.ones(64));
  }

  private BigInteger readRegister(RegisterFile file, int index, Type type) {
    if (file.zero() != null && file.zero() == index) {
      return BigInteger.ZERO;
    }
    return read(file, (long) index * file.width(), type);
  }

  private BigInteger read(RegisterFile file, long at, Type type) {
    int width = type instanceof Type.Bits(_, int bits) ? bits : storage(type);
    BigInteger value = BigInteger.ZERO;
    for (int done = 0; done < width; done += CHUNK) {
      int n = Math.min(CHUNK, width - done);
      value = value.or(unsigned(state.readBits(file, at + done, n)).shiftLeft(done));
    }
    return element(value, type);
  }

  private Object readView(View view, List<Expr> indices, @Nullable Expr otherwise, Type type) {
    if (otherwise != null) {
      for (int i = 0; i < indices.size(); i++) {
        BigInteger index = number(indices.get(i));
        if (index.signum() < 0 || index.compareTo(number(view.extents().get(i))) >= 0) {
          return value(otherwise);
        }
      }
    }
    return read(view.file(), elementAt(view, indices), type);
  }

  private BigInteger load(Expr address, @Nullable Expr k, Type type) {
    int width = storage(type);
    long base = number(address).longValue();
    BigInteger n = k == null ? BigInteger.ZERO : number(k);
    if (width < 8) {
      long both = loaded(base + n.shiftRight(1).longValue(), 1, AccessKind.LOAD);
      return Arithmetic.wrap(BigInteger.valueOf(n.testBit(0) ? both >> 4 : both & 15), type);
    }
    int bytes = width / 8;
    long at = base + n.longValue() * bytes;
    return element(unsigned(loaded(at, bytes, AccessKind.LOAD)), type);
  }

  /// A float may be narrower than what it occupies.
  private static BigInteger element(BigInteger bits, Type type) {
    return type instanceof Type.Floating(var format) && format.stored() == null
        ? bits.and(Arithmetic.ones(format.width()))
        : Arithmetic.wrap(bits, type);
  }

  // CSRs

  private long raw(Csr csr) {
    return csrWrites.getOrDefault(csr, state.readCsr(csr));
  }

  private void pending(Csr csr, long bits) {
    csrWrites.put(csr, bits);
  }

  long readCsr(Csr csr) {
    Csr shown = csr.shown();
    if (shown != null) {
      CsrField field = csr.shownField();
      return field == null ? readCsr(shown) : readField(shown, field);
    }
    long value = 0;
    for (CsrField field : csr.fields()) {
      value |= readField(csr, field) << field.lo();
    }
    return value;
  }

  long readField(Csr csr, CsrField field) {
    return switch (field.rule()) {
      case CsrField.Rule.Stored _, CsrField.Rule.Fixed _ -> field.extract(state.readCsr(csr));
      case CsrField.Rule.Computed(var value) -> apart(() -> number(value).longValue());
      case CsrField.Rule.Line(var input) -> field.extract(state.input(input) << field.lo());
      case CsrField.Rule.Counts c -> field.extract(state.readCsr(csr) + counted(c) << field.lo());
    };
  }

  /// A counter stores its value less what has happened; while it does not run it stores its value.
  private long counted(CsrField.Rule.Counts c) {
    return runs(c) ? state.event(c.event(), code(c)) : 0;
  }

  void writeWhole(Csr csr, long value) {
    Csr shown = csr.shown();
    if (shown != null) {
      CsrField field = csr.shownField();
      if (field == null) {
        writeWhole(shown, value);
      } else {
        writeField(shown, field, value);
      }
      return;
    }
    Map<Csr, Long> stopped = counters(csr);
    for (CsrField field : csr.fields()) {
      writeField(csr, field, field.extract(value));
    }
    if (csr.fields().isEmpty()) {
      wroteCsr.add(csr);
    }
    restart(stopped);
  }

  /// Does what the text says of writes to the CSRs that this step has written.
  private void written() {
    for (Csr csr : List.copyOf(wroteCsr)) {
      Handler handler = csr.written();
      if (handler != null) {
        BigInteger value = unsigned(raw(csr));
        apart(() -> {
          set(handler.parameters().getFirst(), value);
          run(handler.body());
          return csr;
        });
      }
    }
  }

  private void writeField(Csr csr, CsrField field, long value) {
    switch (field.rule()) {
      case CsrField.Rule.Stored(var old, var fresh, var warl) -> {
        long before = pendingField(csr, field);
        long masked = field.extract(value << field.lo());
        long legal = masked;
        if (warl != null) {
          legal =
              apart(() -> {
                set(old, unsigned(before));
                set(fresh, unsigned(masked));
                return number(warl).longValue();
              });
        }
        pending(csr, field.insert(raw(csr), legal));
        wroteCsr.add(csr);
      }
      case CsrField.Rule.Fixed _, CsrField.Rule.Computed _, CsrField.Rule.Line _ ->
          wroteCsr.add(csr);
      case CsrField.Rule.Counts c -> {
        // An explicit write replaces the same instruction's own update.
        long own = c.event().equals("retired") && runs(c) ? 1 : 0;
        pending(csr, value - counted(c) - own);
        wroteCsr.add(csr);
      }
    }
  }

  private boolean runs(CsrField.Rule.Counts c) {
    return holds(c.runs());
  }

  private long code(CsrField.Rule.Counts c) {
    Expr code = c.code();
    return code == null ? 0 : apart(() -> number(code).longValue());
  }

  private boolean holds(@Nullable Expr condition) {
    return condition == null || apart(() -> truth(condition));
  }

  /// {@return what the counters hold that a write to this CSR may stop or start, or make count
  /// something else}
  private Map<Csr, Long> counters(Csr written) {
    Map<Csr, Long> values = new HashMap<>();
    for (Csr csr : evaluator.countersThatRead(written)) {
      values.put(csr, readField(csr, csr.fields().getFirst()));
    }
    return values;
  }

  /// A counter whose `while` changed goes on from the value it had.
  private void restart(Map<Csr, Long> before) {
    if (before.isEmpty()) {
      return;
    }
    for (Map.Entry<Csr, Long> entry : before.entrySet()) {
      if (csrWrites.containsKey(entry.getKey())) {
        continue;
      }
      CsrField.Rule.Counts c = (CsrField.Rule.Counts) entry.getKey().fields().getFirst().rule();
      After after = new After(evaluator, state, csrWrites);
      boolean ran = runs(c);
      boolean runs = c.runs() == null || after.truth(c.runs());
      long code = c.code() == null ? 0 : after.number(c.code()).longValue();
      if (ran != runs || code != code(c)) {
        long happened = state.event(c.event(), code) + (c.event().equals("retired") ? 1 : 0);
        pending(
            entry.getKey(),
            runs
                ? entry.getValue() - happened
                : entry.getValue() + (c.event().equals("retired") ? 1 : 0));
      }
    }
  }

  /// Reads CSRs as they will be after this step.
  private static final class After extends Values {
    private final Execution execution;
    private final Map<Csr, Long> pending;

    After(Evaluator evaluator, State state, Map<Csr, Long> pending) {
      super(_ -> BigInteger.ZERO);
      this.execution = new Execution(evaluator, null, state);
      this.pending = pending;
    }

    @Override
    Object state(Expr expr) {
      if (expr instanceof Expr.ReadCsrField(var csr, var field, _) && pending.containsKey(csr)) {
        return unsigned(field.extract(pending.get(csr)));
      }
      return execution.state(expr);
    }
  }

  boolean allows(int number, boolean writes) {
    Csr csr = evaluator.isa().csr(number);
    if (csr == null || evaluator.privilege(state) < csr.privilege()) {
      return false;
    }
    Csr shown = csr.shown();
    boolean readOnly = csr.readOnly() || shown != null && shown.readOnly();
    if (writes && readOnly) {
      return false;
    }
    return holds(csr.needs()) && (shown == null || holds(shown.needs()));
  }
}
