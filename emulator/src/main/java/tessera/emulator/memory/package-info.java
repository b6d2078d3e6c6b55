/// The address space of a machine: regions with permissions, memory that is backed only where it is
/// touched, devices, and the tables that make a load or store of plain memory a few instructions.
/// Read [Memory] first.
package tessera.emulator.memory;
