package tessera.compiler;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tessera.compiler.rewrite.DropDead;
import tessera.compiler.rewrite.ExpandPowers;
import tessera.compiler.rewrite.FuseBias;
import tessera.compiler.rewrite.PackWeights;
import tessera.compiler.rewrite.Pass;
import tessera.compiler.rewrite.SeparateOutputs;
import tessera.compiler.rewrite.ShareValues;

/// The passes over graphs, by name.
public final class Passes {
  private Passes() {}

  /// All passes, in the order in which compiling runs them.
  public static Map<String, Pass> all() {
    var passes = new LinkedHashMap<String, Pass>();
    passes.put("expand-powers", ExpandPowers::run);
    passes.put("share-values", ShareValues::run);
    passes.put("fuse-bias", FuseBias::run);
    passes.put("pack-weights", PackWeights::run);
    passes.put("separate-outputs", SeparateOutputs::run);
    passes.put("drop-dead", DropDead::run);
    return Collections.unmodifiableMap(passes);
  }
}
