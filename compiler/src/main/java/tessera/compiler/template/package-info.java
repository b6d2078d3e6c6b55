/// From a graph to instructions: the only code of the compiler that names any.
///
/// [tessera.compiler.template.Partition] cuts a graph into groups, each of which one template turns
/// into code: [tessera.compiler.template.Product] for matrices, on tiles where the machine has
/// them, [tessera.compiler.template.Elements] for whatever works element by element or reduces, and
/// [tessera.compiler.template.Moves] for the rest. Every operation has such a lowering; how good it
/// is shows in the cycles.
///
/// [tessera.compiler.template.Functions] holds the functions that no instruction computes, written
/// once over an interface with two readings, one that emits instructions and one that computes: the
/// second is how they are tested against exact values.
package tessera.compiler.template;
