package tessera.emulator.interpreter;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Observer;
import tessera.emulator.memory.Memory;

/// The pages of decoded instructions, kept true to memory: a store to an instruction makes it
/// decode again.
final class CodeCache {
  private final Memory memory;
  private final Memory.Watcher watcher = this::stored;
  private final boolean counting;
  private final @Nullable CodePage[] window;
  private final Map<Long, CodePage> others = new HashMap<>();
  private final TreeMap<Long, CodePage> all = new TreeMap<>(Long::compareUnsigned);
  private final Map<Long, Long> changed = new HashMap<>();

  CodeCache(Memory memory, boolean counting) {
    this.memory = memory;
    this.counting = counting;
    this.window = new CodePage[memory.readable().length];
  }

  /// {@return the page that holds `pc`}
  CodePage page(long pc) {
    long index = pc - memory.base() >>> 12;
    CodePage page = index < window.length ? window[(int) index] : others.get(pc & -Memory.PAGE);
    return page != null ? page : make(pc & -Memory.PAGE);
  }

  private CodePage make(long base) {
    CodePage page = new CodePage(base, counting);
    long index = base - memory.base() >>> 12;
    if (index < window.length) {
      window[(int) index] = page;
    } else {
      others.put(base, page);
    }
    all.put(base, page);
    return page;
  }

  /// Watches the bytes of an instruction that is being decoded.
  void decoded(long pc, int bytes) {
    memory.watchCode(pc, watcher);
    if ((pc + bytes - 1 & -Memory.PAGE) != (pc & -Memory.PAGE)) {
      memory.watchCode(pc + bytes - 1, watcher);
    }
  }

  /// Ends the watching.
  void close() {
    memory.forgetCode(watcher);
  }

  private void stored(long address, long bytes) {
    // An instruction may begin one place, and two bytes, before the first byte stored.
    for (long at = (address & ~1L) - 2; at - address < bytes; at += 2) {
      CodePage page = page(at);
      if (page.insns[(int) (at & Memory.PAGE - 1) >>> 1] != null) {
        changed.merge(address, bytes, Math::max);
        return;
      }
    }
  }

  /// {@return whether instructions were stored to}
  boolean isChanged() {
    return !changed.isEmpty();
  }

  /// Forgets the instructions that were stored to; their counts have been told.
  void forgetChanged() {
    changed.forEach((address, bytes) -> {
      for (long at = (address & ~1L) - 2; at - address < bytes; at += 2) {
        CodePage page = page(at);
        int slot = (int) (at & Memory.PAGE - 1) >>> 1;
        page.ops[slot] = Op.DECODE;
        page.insns[slot] = null;
      }
    });
    changed.clear();
  }

  /// Tells how often each instruction ran, but for the executions that were told by themselves, and
  /// counts anew.
  void tell(Observer observer) {
    long[] flow = new long[CodePage.SLOTS + 2];
    long expected = 0;
    for (CodePage page : all.values()) {
      long[] next = new long[CodePage.SLOTS + 2];
      if (page.base == expected) {
        next[0] = flow[CodePage.SLOTS];
        next[1] = flow[CodePage.SLOTS + 1];
      }
      tell(page, next, observer);
      flow = next;
      expected = page.base + Memory.PAGE;
    }
  }

  private static void tell(CodePage page, long[] flow, Observer observer) {
    for (int s = 0; s < CodePage.SLOTS; s++) {
      Compiled insn = page.insns[s];
      long times = flow[s] + page.entered[s];
      if (times != 0 && insn != null) {
        flow[s + (insn.bytes >>> 1)] += times - page.left[s];
        long told = times - page.apart[s];
        if (told > 0) {
          observer.retired(insn.info, told, Math.min(told, page.left[s]));
        }
      }
    }
    page.forgetCounts();
  }
}
