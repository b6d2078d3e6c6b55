/// What instructions mean: bound expressions and statements ([Expr], [Stmt]), the state they act on
/// ([State]), and the plain evaluator that every faster engine is tested against ([Evaluator]).
package tessera.isaspec.semantics;
