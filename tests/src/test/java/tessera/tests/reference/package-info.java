/// What instructions do, said a second time and from the manuals alone: floats as exact fractions
/// of big integers, integers bit by bit. Nothing here uses the project's own arithmetic, decoding
/// or legality; the tests beside it run the specification's text against it.
///
/// [Ieee] is the arithmetic, [Step] one instruction in a [World], and the tables [Scalars],
/// [Vectors] and [Whole] give mnemonics their meaning.
@org.jspecify.annotations.NullMarked
package tessera.tests.reference;
