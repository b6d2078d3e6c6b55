/// L2, the instruction level: lists of instructions, first over virtual registers, then over the
/// machine's.
///
/// A template writes into a [tessera.compiler.emit.Code]; [tessera.compiler.emit.Registers] gives
/// each virtual register one of the machine's or a place on the stack;
/// [tessera.compiler.emit.Emission] hands the result to the assembler's builder, and
/// [tessera.compiler.emit.AssemblyText] prints it. Nothing here knows an instruction but the few
/// moves between registers and stack.
package tessera.compiler.emit;
