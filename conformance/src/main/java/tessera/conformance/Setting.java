package tessera.conformance;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tessera.emulator.Hart;
import tessera.isaspec.Csr;
import tessera.isaspec.CsrField;
import tessera.isaspec.Isa;
import tessera.isaspec.RegisterFile;

/// Makes states that a program could be in: units on, registers and vector configuration at random.
public final class Setting {
  private static final List<String> UNITS = List.of("FS", "VS", "TS");
  private static final int ELEN = 64;

  private final Isa isa;
  private final boolean user;
  private final List<Long> configurations;
  private final int vlen;

  private Setting(Isa isa, boolean user) {
    this.isa = isa;
    this.user = user;
    RegisterFile v = isa.registerFile("v");
    this.vlen = v == null ? 0 : v.width();
    this.configurations = configurations();
  }

  /// {@return states of a user's program, or of one at machine level}
  public static Setting of(Isa isa, boolean user) {
    return new Setting(isa, user);
  }

  /// {@return the bits of a vector register, 0 without them}
  public int vlen() {
    return vlen;
  }

  /// The values of vtype that are not reserved (unprivileged manual, 31.3.4): SEW up to ELEN, and
  /// up to LMUL * ELEN where LMUL is fractional.
  private static List<Long> configurations() {
    List<Long> all = new ArrayList<>();
    for (long vtype = 0; vtype < 256; vtype++) {
      if (vlmax(vtype, 8 * ELEN) > 0) {
        all.add(vtype);
      }
    }
    return all;
  }

  /// {@return the elements of a register group under a vtype; 0 where it is reserved}
  public static long vlmax(long vtype, int vlen) {
    int sew = 8 << (int) (vtype >> 3 & 7);
    int lmul = (int) (vtype & 7);
    if (vtype >>> 8 != 0 || sew > ELEN || lmul == 4) {
      return 0;
    }
    int eighths = lmul < 4 ? 8 << lmul : 1 << lmul - 5;
    return 8 * sew > eighths * ELEN ? 0 : (long) vlen * eighths / 8 / sew;
  }

  /// Puts a hart into a random state.
  ///
  /// @param arena what its memory holds
  public void randomize(Hart hart, Randomness random, byte[] arena) {
    for (RegisterFile file : isa.registerFiles()) {
      fill(hart, file, random);
    }
    priv(hart);
    set(
        hart,
        "fcsr",
        random.oneIn(12) ? random.below(256) : random.below(32) | random.below(5) << 5);
    configure(hart, random);
    tiles(hart, random);
    hart.memory().fill(Places.ARENA, arena, 0, arena.length);
  }

  private void priv(Hart hart) {
    RegisterFile priv = isa.registerFile("priv");
    if (priv != null) {
      hart.writeRegister(priv, 0, user ? 0 : 3);
    }
    for (Csr csr : isa.csrs()) {
      for (String unit : UNITS) {
        CsrField field = csr.field(unit);
        if (field != null && field.rule() instanceof CsrField.Rule.Stored && isUsed(unit)) {
          hart.writeCsr(csr, field.insert(hart.readCsr(csr), 1));
        }
      }
    }
    set(hart, "mcounteren", 7);
    // All of memory is a user's: one naturally aligned region with every permission.
    set(hart, "pmpaddr0", (1L << 54) - 1);
    set(hart, "pmpcfg0", 0x1f);
  }

  private boolean isUsed(String unit) {
    return switch (unit) {
      case "FS" -> isa.has("F");
      case "VS" -> isa.has("V");
      default -> true;
    };
  }

  private void fill(Hart hart, RegisterFile file, Randomness random) {
    if (file.count() == 1) {
      return;
    }
    for (int r = 0; r < file.count(); r++) {
      if (file.zero() != null && file.zero() == r) {
        continue;
      }
      if (file.width() > 64) {
        int bytes = file.width() / 8;
        random.fill(hart.bytes(file), r * bytes, bytes);
      } else {
        boolean real = file.name().equals("f");
        hart.writeRegister(file, r, real ? random.floatRegister() : general(random));
      }
    }
  }

  private static long general(Randomness random) {
    return switch (random.below(16)) {
      case 0, 1, 2, 3 -> Places.ARENA + 8L * random.below(Places.ARENA_BYTES / 8);
      case 4 -> Places.ARENA + random.below(Places.ARENA_BYTES);
      case 5 -> random.oneIn(2) ? random.real(64) : -1L << 32 | random.real(32);
      default -> random.integer(random.oneIn(3) ? 32 : 64);
    };
  }

  /// Chooses a vector configuration, a length, a start and a mask.
  public void configure(Hart hart, Randomness random) {
    RegisterFile v = isa.registerFile("v");
    if (v == null) {
      return;
    }
    boolean ill = random.oneIn(60);
    long vtype = ill ? 1L << 63 : random.oneOf(configurations);
    int most = (int) (ill ? 0 : vlmax(vtype, vlen));
    int vl =
        switch (random.below(8)) {
          case 0 -> 0;
          case 1 -> Math.min(1, most);
          case 2 -> Math.max(0, most - 1);
          case 3, 4, 5 -> most;
          default -> random.below(most + 1);
        };
    int last = random.oneIn(8) ? most : vl;
    int start = random.oneIn(12) && last > 0 ? random.below(last) : 0;
    set(hart, "vtype", vtype);
    set(hart, "vl", vl);
    set(hart, "vstart", start);
    set(hart, "vcsr", random.below(8));
    mask(hart, v, random);
  }

  private static void mask(Hart hart, RegisterFile v, Randomness random) {
    int kind = random.below(5);
    for (int i = 0; i < v.width(); i += 8) {
      int bits =
          switch (kind) {
            case 0 -> random.oneIn(4) ? 0 : 255;
            case 1 -> 255;
            case 2 -> 0x55;
            default -> random.below(256);
          };
      hart.writeBits(v, i, 8, bits);
    }
  }

  private void tiles(Hart hart, Randomness random) {
    set(hart, "tm", random.below(6));
    set(hart, "tn", random.below(6));
    set(hart, "tk", random.below(18));
    set(hart, "tcfg", random.oneIn(3) ? random.below(16) : 0);
    set(hart, "tstart", random.oneIn(8) ? random.below(4) : 0);
  }

  /// Sets the stored bits of a CSR where the ISA has it.
  public void set(Hart hart, String name, long bits) {
    @Nullable Csr csr = isa.csr(name);
    if (csr != null) {
      hart.writeCsr(csr, bits);
    }
  }

  /// {@return memory with values of all kinds}
  public static byte[] arena(Randomness random) {
    byte[] bytes = new byte[Places.ARENA_BYTES];
    for (int at = 0; at < bytes.length; at += 64) {
      random.fill(bytes, at, 64);
    }
    return bytes;
  }
}
