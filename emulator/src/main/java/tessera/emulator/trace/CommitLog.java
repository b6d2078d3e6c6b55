package tessera.emulator.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.emulator.InstructionInfo;
import tessera.emulator.Observer;
import tessera.emulator.Step;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;
import tessera.isaspec.semantics.AccessKind;
import tessera.isaspec.semantics.Evaluator;

/// Writes a line for each instruction that was completed, as Spike's `--log-commits` does:
///
/// ```
/// core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000
/// core   0: 3 0x0000000080000004 (0x0002b303) x6  0x0000000000000001 mem 0x0000000080000000
/// ```
///
/// The hart, the privilege it ran with, address and word; each register written with its value, a
/// vector register with element width, group and length before the first; each CSR written or
/// changed; each load's address; each store's address and bytes. It stands before another observer
/// and hands everything on.
public final class CommitLog implements Observer {

  private static final int VTYPE_SEW = 3;

  private final Isa isa;
  private final Evaluator evaluator;
  private final LogText out;
  private final @Nullable Observer next;
  private final @Nullable RegisterFile privilege;
  private final @Nullable Csr vtype;
  private final @Nullable Csr vl;
  private final Map<Csr, List<Csr>> fieldViews = new HashMap<>();
  private final Map<RegisterFile, byte[]> before = new HashMap<>();
  private Targets[] known = new Targets[256];
  private long[] csrs = new long[0];
  private long epoch = -1;
  private long level;
  private long expected;

  private CommitLog(Isa isa, LogText out, @Nullable Observer next) {
    this.isa = isa;
    this.evaluator = isa.evaluator();
    this.out = out;
    this.next = next;
    this.privilege = isa.registerFile("priv");
    this.vtype = isa.csr("vtype");
    this.vl = isa.csr("vl");
    for (Csr csr : isa.csrs()) {
      Csr shown = csr.shown();
      if (shown != null && csr.shownField() != null) {
        fieldViews.computeIfAbsent(shown, _ -> new ArrayList<>()).add(csr);
      }
    }
  }

  /// {@return a log of what a hart does from now on}
  ///
  /// @param out where its lines go, among those of other harts
  /// @param next who is told as well; null: nobody
  public static CommitLog of(Hart hart, LogText out, @Nullable Observer next) {
    CommitLog log = new CommitLog(hart.isa(), out, next);
    log.csrs = hart.csrs().clone();
    log.epoch = hart.epoch();
    log.level = log.privilege(hart);
    log.expected = hart.pc();
    return log;
  }

  @Override
  public Detail detail() {
    return Detail.EVERY;
  }

  @Override
  public void retired(InstructionInfo info, Step step) {
    Hart hart = step.hart();
    long now = privilege(hart);
    // After a trap it began with the privilege of the handler, which is the one it has.
    begin(hart, step.pc() == expected ? level : now, step.pc(), info);
    Targets targets = targets(info);
    registers(hart, targets);
    csrs(hart, targets);
    accesses(hart, step, targets);
    out.end();
    level = now;
    expected = step.next();
    if (next != null) {
      tellNext(info, step);
    }
  }

  private void tellNext(InstructionInfo info, Step step) {
    if (next != null) {
      next.retired(info, step);
    }
  }

  @Override
  public void retired(InstructionInfo info, long times, long taken) {
    throw new IllegalStateException("an observer of every instruction was told a sum");
  }

  @Override
  public long cycles(long retired) {
    return next == null ? retired : next.cycles(retired);
  }

  @Override
  public long event(long code) {
    return next == null ? 0 : next.event(code);
  }

  private long privilege(Hart hart) {
    return privilege == null ? 3 : hart.readRegister(privilege, 0);
  }

  private Targets targets(InstructionInfo info) {
    int at = info.ordinal();
    if (at >= known.length) {
      known = Arrays.copyOf(known, Math.max(2 * known.length, at + 1));
    }
    Targets targets = known[at];
    if (targets == null) {
      targets = Targets.of(info.bound().body());
      known[at] = targets;
    }
    return targets;
  }

  // ------------------------------------------------------------------ the parts of a line

  private void begin(Hart hart, long privileged, long pc, InstructionInfo info) {
    out.text("core");
    String number = String.valueOf(hart.id());
    for (int i = number.length(); i < 4; i++) {
      out.character(' ');
    }
    out.text(number);
    out.text(": ");
    out.character((char) ('0' + privileged));
    out.character(' ');
    out.hex(pc, 16);
    out.text(" (");
    out.hex(info.decoded().word(), 2 * info.decoded().bytes());
    out.character(')');
  }

  private void registers(Hart hart, Targets targets) {
    boolean shown = false;
    List<Targets.Registers> all = targets.registers;
    for (int i = 0; i < all.size(); i++) {
      Targets.Registers group = all.get(i);
      RegisterFile file = group.file();
      boolean vector = file.name().equals("v");
      if (vector && !shown) {
        shown = true;
        vectorState(hart);
      }
      for (int r = Math.max(group.first(), 0); r < Math.max(group.first(), 0) + group.span(); r++) {
        if (group.first() >= 0 || isChanged(hart, file, r)) {
          register(hart, file, r);
        }
      }
    }
  }

  /// Whether a register of a file differs from what it was at the last such question.
  private boolean isChanged(Hart hart, RegisterFile file, int index) {
    if (file.width() <= 64) {
      return true;
    }
    byte[] now = hart.bytes(file);
    byte[] old = before.computeIfAbsent(file, _ -> new byte[now.length]);
    int bytes = file.width() >>> 3;
    int from = index * bytes;
    if (Arrays.equals(now, from, from + bytes, old, from, from + bytes)) {
      return false;
    }
    System.arraycopy(now, from, old, from, bytes);
    return true;
  }

  private void register(Hart hart, RegisterFile file, int index) {
    out.character(' ');
    out.text(file.name());
    String number = String.valueOf(index);
    out.text(number);
    if (number.length() < 2) {
      out.character(' ');
    }
    out.character(' ');
    if (file.width() <= 64) {
      out.hex(hart.readRegister(file, index), file.width() + 3 >>> 2);
      return;
    }
    byte[] bytes = hart.bytes(file);
    int length = file.width() >>> 3;
    out.text("0x");
    for (int i = (index + 1) * length - 1; i >= index * length; i--) {
      out.octet(bytes[i]);
    }
  }

  private void vectorState(Hart hart) {
    if (vtype == null || vl == null) {
      return;
    }
    long bits = hart.readCsr(vtype);
    int group = (int) (bits & 7);
    out.text(" e");
    out.text(String.valueOf(8 << (bits >>> VTYPE_SEW & 7)));
    out.text(group < 4 ? " m" : " mf");
    out.text(String.valueOf(group < 4 ? 1 << group : 1 << 8 - group));
    out.text(" l");
    out.text(String.valueOf(hart.readCsr(vl)));
  }

  private void csrs(Hart hart, Targets targets) {
    for (int number : targets.csrs) {
      Csr csr = isa.csr(number);
      if (csr != null && !csr.readOnly()) {
        csr(hart, csr);
      }
    }
    if (hart.epoch() == epoch) {
      return;
    }
    epoch = hart.epoch();
    long[] now = hart.csrs();
    for (Csr csr : isa.csrs()) {
      int at = csr.ordinal();
      if (now[at] != csrs[at] && csr.shown() == null) {
        changed(hart, csr, csrs[at] ^ now[at], targets);
        csrs[at] = now[at];
      }
    }
  }

  /// A CSR whose fields have numbers of their own is told by these.
  private void changed(Hart hart, Csr csr, long bits, Targets targets) {
    List<Csr> views = fieldViews.get(csr);
    if (views == null) {
      if (!targets.csrs.contains(csr.number())) {
        csr(hart, csr);
      }
      return;
    }
    for (Csr view : views) {
      CsrField field = view.shownField();
      if (field != null && (bits & field.mask()) != 0 && !targets.csrs.contains(view.number())) {
        csr(hart, view);
      }
    }
  }

  private void csr(Hart hart, Csr csr) {
    out.text(" c");
    out.text(String.valueOf(csr.number()));
    out.character('_');
    out.text(csr.name());
    out.character(' ');
    out.hex(evaluator.readCsr(csr, hart), 16);
  }

  private void accesses(Hart hart, Step step, Targets targets) {
    for (int i = 0; i < step.runs(); i++) {
      if (step.kind(i) == AccessKind.LOAD || step.kind(i) == AccessKind.RESERVE) {
        access(step, i, targets.loadBytes(), null);
      }
    }
    for (int i = 0; i < step.runs(); i++) {
      if (step.kind(i) == AccessKind.STORE) {
        access(step, i, targets.storeBytes(), hart);
      } else if (step.kind(i) == AccessKind.AMO) {
        access(step, i, targets.loadBytes(), null);
        access(step, i, targets.storeBytes(), hart);
      }
    }
  }

  /// One access for each of a run that the text makes.
  ///
  /// @param hart who stored; null: a load
  private void access(Step step, int run, int each, @Nullable Hart hart) {
    long size = step.bytes(run);
    long bytes = each > 0 && size % each == 0 ? each : size;
    for (long done = 0; done < size; done += bytes) {
      out.text(" mem ");
      out.hex(step.address(run) + done, 16);
      if (hart != null) {
        out.character(' ');
        stored(hart, step.address(run) + done, (int) bytes);
      }
    }
  }

  private void stored(Hart hart, long address, int bytes) {
    byte[] data = new byte[bytes];
    if (!hart.memory().faults(address, bytes, AccessKind.LOAD)) {
      hart.memory().read(address, data, 0, bytes);
    }
    out.text("0x");
    for (int i = bytes - 1; i >= 0; i--) {
      out.octet(data[i]);
    }
  }
}
