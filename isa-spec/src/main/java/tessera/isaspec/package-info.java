/// See ARCHITECTURE.md.
package tessera.isaspec;
