/// ONNX files as records: bytes to a [tessera.compiler.onnx.Model] and back, nothing interpreted
/// yet.
///
/// [tessera.compiler.onnx.Onnx#parse] reads the wire format field by field, with limits on size,
/// depth and number, and gives either a whole model or what is wrong with the file. Raw tensor data
/// is not copied. [tessera.compiler.onnx.OnnxWriter] is the inverse. What the operators mean is
/// said by `tessera.compiler.importer`.
package tessera.compiler.onnx;
