package tessera.compiler.rewrite;

import java.util.function.UnaryOperator;
import tessera.compiler.graph.Graph;

/// A step from a sound graph to a sound graph that computes the same outputs from the same inputs.
public interface Pass extends UnaryOperator<Graph> {}
