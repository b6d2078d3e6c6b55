/// Models by name: where a published model lies, how it is fetched once, and where it is kept.
package tessera.cli.models;
