/// A specification as written: records straight from the parse tree, with places, no name resolved.
/// [SpecReader] makes them.
package tessera.isaspec.text;
