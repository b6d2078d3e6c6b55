/// See ARCHITECTURE.md.
package tessera.compiler;
