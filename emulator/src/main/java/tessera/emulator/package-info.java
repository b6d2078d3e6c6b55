/// See ARCHITECTURE.md.
package tessera.emulator;
