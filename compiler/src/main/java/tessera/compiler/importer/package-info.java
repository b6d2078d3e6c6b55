/// From an ONNX model to a graph: what each operator means, in terms of the few operations of
/// `tessera.compiler.graph`.
///
/// [tessera.compiler.importer.Importer#run] binds the symbolic extents, walks the nodes that the
/// outputs need, and lets each operator's rule add what it stands for. An operation on constants is
/// carried out at once, so what a model computes from shapes is gone afterwards. The rules are
/// listed in [tessera.compiler.importer.Operators], by operator; to add one, add a line there. What
/// a rule cannot express it refuses in words, and all refusals make one error.
package tessera.compiler.importer;
