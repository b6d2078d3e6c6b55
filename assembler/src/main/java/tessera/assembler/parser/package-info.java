/// GNU as syntax: text to statements, statements to labels, names and tokens, tokens to expression
/// trees whose names are not looked up yet. Knows no instruction and no directive.
package tessera.assembler.parser;
