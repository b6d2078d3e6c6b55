/// See ARCHITECTURE.md.
package tessera.elf;
