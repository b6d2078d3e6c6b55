/// Fast bodies for the shapes that texts call: a text says `matmul(…)` and defines it as a loop
/// nest, and here a method may stand in for that definition with given types and functions. Read
/// [Kernel] and [ShapeCall] first; [Kernels] is the list.
package tessera.emulator.kernel;
