#include "formats/record_checks.hpp"

namespace sluice {

OptionSpec max_bytes_option() {
  return {.name = "max_bytes",
          .kind = OptionKind::bytes,
          .default_text = "8MiB",
          .help = "Larger records are dead letters",
          .minimum = 1};
}

std::string too_large_message(size_t bytes, size_t max_bytes) {
  return "the record has " + std::to_string(bytes) + " bytes, more than `max_bytes` " +
         std::to_string(max_bytes);
}

Error of_column(const std::string& name, Error error) {
  error.message = "column \"" + name + "\": " + error.message;
  return error;
}

Status check_undeclared(const ScanSpec& scan, const std::string& field) {
  if (scan.on_unknown_field != UnknownField::fail) return {};
  return fail(ErrorCode::undeclared_field,
              "source " + scan.source + " does not declare the field " + field);
}

}  // namespace sluice
