/// Passes from graph to graph, one class each, named by what they do. Each states what it keeps:
/// the same bits, or the same values within a bound.
package tessera.compiler.rewrite;
