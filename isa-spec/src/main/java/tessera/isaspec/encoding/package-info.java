/// Words: where fields lie, which words are which instruction, and the decision tree over them.
package tessera.isaspec.encoding;
