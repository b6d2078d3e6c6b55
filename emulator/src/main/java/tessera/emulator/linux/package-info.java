/// System calls by their Linux numbers.
package tessera.emulator.linux;
