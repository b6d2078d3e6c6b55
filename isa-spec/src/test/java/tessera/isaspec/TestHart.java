package tessera.isaspec;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import tessera.isaspec.encoding.Decoded;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;
import tessera.isaspec.semantics.MemoryFault;
import tessera.isaspec.semantics.State;
import tessera.isaspec.syntax.Operand;

/// A hart in memory for tests: registers as big numbers, CSRs, and bytes below [#end]. It keeps
/// what was written, so that two harts can be compared.
public final class TestHart implements State {
  private final Isa isa;
  private final Evaluator evaluator;
  private final Map<RegisterFile, BigInteger> files = new HashMap<>();
  private final Map<Csr, Long> csrs = new HashMap<>();
  private final Map<Long, Byte> bytes = new HashMap<>();
  private final Map<String, Long> inputs = new HashMap<>();
  private final Map<String, Long> events = new HashMap<>();
  private long pc = 0x1000;
  private long reserved;
  private int reservedBytes;

  /// Accesses at or beyond it fault.
  public long end = Long.MAX_VALUE;

  public TestHart(Isa isa, Evaluator evaluator) {
    this.isa = isa;
    this.evaluator = evaluator;
    isa.csrs().forEach(c -> csrs.put(c, c.reset()));
    for (RegisterFile file : isa.registerFiles()) {
      BigInteger all = BigInteger.ZERO;
      for (int r = 0; r < file.count(); r++) {
        all = all.or(file.reset().shiftLeft(r * file.width()));
      }
      files.put(file, all);
    }
  }

  /// {@return a hart in the same state}
  public TestHart copy() {
    TestHart other = new TestHart(isa, evaluator);
    other.files.putAll(files);
    other.csrs.putAll(csrs);
    other.bytes.putAll(bytes);
    other.inputs.putAll(inputs);
    other.events.putAll(events);
    other.pc = pc;
    other.end = end;
    return other;
  }

  /// {@return all that tests compare}
  public Map<String, Object> contents() {
    return Map.of("files", files, "csrs", csrs, "bytes", bytes, "pc", pc);
  }

  // Instructions

  /// Executes an instruction with these operand values; operands that are left out are 0.
  public void step(String name, Map<String, Long> operands) {
    evaluator.step(decoded(name, operands), this);
  }

  public Decoded decoded(String name, Map<String, Long> operands) {
    Instruction insn = isa.instruction(name);
    if (insn == null) {
      throw new IllegalArgumentException("no instruction " + name);
    }
    for (String given : operands.keySet()) {
      insn.operand(given);
    }
    long word = insn.encoding().match();
    for (Operand operand : insn.operands()) {
      word = operand.encode(word, operands.getOrDefault(operand.name(), leastOf(operand)));
    }
    Decoded decoded = isa.decoder().decode(word);
    if (decoded == null || decoded.instruction() != insn) {
      throw new IllegalArgumentException(
          "the word of " + name + " is " + (decoded == null ? "none" : decoded.instruction()));
    }
    return decoded;
  }

  private static long leastOf(Operand operand) {
    return Math.max(0, operand.operandClass().fromField(0));
  }

  // Registers and CSRs by name

  private RegisterFile file(String name) {
    RegisterFile file = isa.registerFile(name);
    if (file == null) {
      throw new IllegalArgumentException("no register file " + name);
    }
    return file;
  }

  private Csr csr(String name) {
    Csr csr = isa.csr(name);
    if (csr == null) {
      throw new IllegalArgumentException("no CSR " + name);
    }
    return csr;
  }

  public long x(int r) {
    return readRegister(file("x"), r);
  }

  public void x(int r, long value) {
    if (r != 0) {
      writeRegister(file("x"), r, value);
    }
  }

  public BigInteger register(String file, int r) {
    RegisterFile f = file(file);
    return files.getOrDefault(f, BigInteger.ZERO).shiftRight(r * f.width()).and(ones(f.width()));
  }

  public void register(String file, int r, BigInteger value) {
    RegisterFile f = file(file);
    for (int done = 0; done < f.width(); done += 32) {
      int n = Math.min(32, f.width() - done);
      writeBits(f, (long) r * f.width() + done, n, value.shiftRight(done).longValue());
    }
  }

  /// {@return a CSR as instructions read it}
  public long csrValue(String name) {
    return evaluator.readCsr(csr(name), this);
  }

  /// Writes a CSR as instructions do.
  public void csrValue(String name, long value) {
    evaluator.writeCsr(csr(name), value, this);
  }

  public void input(String line, long value) {
    inputs.put(line, value);
  }

  public void happened(String event, long count) {
    events.put(event, count);
  }

  // State

  private static BigInteger ones(int n) {
    return BigInteger.ONE.shiftLeft(n).subtract(BigInteger.ONE);
  }

  @Override
  public long readRegister(RegisterFile file, int index) {
    return readBits(file, (long) index * file.width(), Math.min(64, file.width()));
  }

  @Override
  public void writeRegister(RegisterFile file, int index, long value) {
    writeBits(file, (long) index * file.width(), Math.min(64, file.width()), value);
  }

  @Override
  public long readBits(RegisterFile file, long at, int width) {
    return files
        .getOrDefault(file, BigInteger.ZERO)
        .shiftRight((int) at)
        .and(ones(width))
        .longValue();
  }

  @Override
  public void writeBits(RegisterFile file, long at, int width, long value) {
    BigInteger mask = ones(width).shiftLeft((int) at);
    BigInteger bits = BigInteger.valueOf(value).and(ones(width)).shiftLeft((int) at);
    files.put(file, files.getOrDefault(file, BigInteger.ZERO).andNot(mask).or(bits));
  }

  @Override
  public long readCsr(Csr csr) {
    return csrs.getOrDefault(csr, 0L);
  }

  @Override
  public void writeCsr(Csr csr, long bits) {
    csrs.put(csr, bits);
  }

  @Override
  public long pc() {
    return pc;
  }

  @Override
  public void pc(long address) {
    pc = address;
  }

  @Override
  public long load(long address, int count, AccessKind kind) {
    check(address, count, kind);
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes.getOrDefault(address + i, (byte) 0) & 0xff;
    }
    return value;
  }

  @Override
  public void store(long address, int count, long value, AccessKind kind) {
    check(address, count, kind);
    for (int i = 0; i < count; i++) {
      bytes.put(address + i, (byte) (value >> 8 * i));
    }
  }

  private void check(long address, int count, AccessKind kind) {
    for (int i = 0; i < count; i++) {
      if (faults(address + i, 1, kind)) {
        throw new MemoryFault(kind, address + i);
      }
    }
  }

  @Override
  public void reserve(long address, int n) {
    reserved = address;
    reservedBytes = n;
  }

  @Override
  public void release() {
    reservedBytes = 0;
  }

  @Override
  public boolean isReserved(long address, int n) {
    return reservedBytes > 0
        && (n == 0 || address >= reserved && address + n <= reserved + reservedBytes);
  }

  @Override
  public boolean faults(long address, long count, AccessKind kind) {
    return address < 0 || address > end - count;
  }

  @Override
  public long event(String event, long code) {
    return events.getOrDefault(event, 0L);
  }

  @Override
  public long input(String line) {
    return inputs.getOrDefault(line, 0L);
  }
}
