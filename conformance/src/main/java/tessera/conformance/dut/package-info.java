/// Devices under test: the project's own engines, and qemu's user mode behind a loader of our own.
package tessera.conformance.dut;
