/// L0, the graph level: what is computed, with every shape static.
///
/// A [tessera.compiler.graph.Graph] is a list of [tessera.compiler.graph.Node]s in an order in
/// which each value is defined before it is used. Each node applies one [tessera.compiler.graph.Op]
/// and defines one value of a known [tessera.compiler.graph.TensorType]. There are few operations:
/// the importer spells everything else out in terms of them.
///
/// Graphs print and parse ([tessera.compiler.graph.GraphPrinter],
/// [tessera.compiler.graph.GraphParser]), are checked between passes
/// ([tessera.compiler.graph.Verifier]) and execute ([tessera.compiler.graph.GraphEvaluator]). The
/// evaluator is slow and obvious on purpose: it says what a graph means, and all generated code is
/// tested against it. Read [tessera.compiler.graph.Op] first.
package tessera.compiler.graph;
