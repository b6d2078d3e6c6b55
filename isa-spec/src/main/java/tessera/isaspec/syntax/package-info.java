/// How instructions are written: operand classes, templates with holes, pseudo-instructions. Data
/// only; the assembler and the disassembler interpret it.
package tessera.isaspec.syntax;
