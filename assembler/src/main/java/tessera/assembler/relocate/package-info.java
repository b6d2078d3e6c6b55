/// What is being assembled, before it is an object: sections of fragments whose sizes are not all
/// known yet, symbols, expressions over them. [Program] is filled by the parser's and the builder's
/// emission alike; [Layout] relaxes branches and gives addresses; [ObjectFile] makes a relocatable
/// ELF of it, and [Linker] a program of those.
package tessera.assembler.relocate;
