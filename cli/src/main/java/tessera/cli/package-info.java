/// See ARCHITECTURE.md.
package tessera.cli;
