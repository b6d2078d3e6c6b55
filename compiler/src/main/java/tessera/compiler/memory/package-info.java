/// Where values lie: a plan for those that live only between two groups, and a check of it that
/// knows nothing of how it was made.
package tessera.compiler.memory;
