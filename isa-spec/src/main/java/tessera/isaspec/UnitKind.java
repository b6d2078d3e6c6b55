package tessera.isaspec;

import java.util.List;
import java.util.Locale;

/// The kinds of unit that the timing model knows, with the keys of each (timing.md 1).
public enum UnitKind {
  CLOCK("hz"),
  SCALAR("issue", "predict", "redirect", "indirect", "load_use", "csr"),
  PIPE("group", "pipelined", "elements", "bytes"),
  VECTOR("dlen", "chaining", "queue", "vset", "result"),
  ARRAY("rows", "columns", "stationary", "overlap", "smin", "queue", "sparse"),
  LANES("group", "elements", "special", "queue"),
  TILEPORT("reads", "writes", "queue", "ram"),
  SCRATCHPAD("banks", "width", "latency"),
  DMA("loads", "stores", "bytes", "flight", "start"),
  CACHE("bytes", "ways", "line", "hit", "misses", "width", "next"),
  DRAM("channels", "width", "line", "banks", "row", "cl", "rcd", "rp", "fixed"),
  ENERGY("preset", "dram");

  private final List<String> keys;

  UnitKind(String... keys) {
    this.keys = List.of(keys);
  }

  /// {@return the keys that a unit of this kind may have}
  public List<String> keys() {
    return keys;
  }

  /// {@return the language's word}
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
