/// See ARCHITECTURE.md.
package tessera.assembler;
