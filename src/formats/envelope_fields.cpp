#include "formats/envelope_fields.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::vector<std::string> keys_of(const std::string& path) {
  std::vector<std::string> keys;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('.', start), path.size());
    keys.push_back(path.substr(start, end - start));
    start = end + 1;
  }
  return keys;
}

}  // namespace

void add_fields(const EnvelopeShape& shape, ObjectFields& fields) {
  uint32_t index = 0;
  for (const std::vector<std::string>* paths : {&shape.images, &shape.fields}) {
    for (const std::string& path : *paths) {
      std::vector<std::string> keys = keys_of(path);
      fields.add_path(keys, index);
      if (!shape.wrapper.empty()) {
        keys.insert(keys.begin(), shape.wrapper);
        fields.add_path(keys, index);
      }
      ++index;
    }
  }
}

void add_row_fields(const ScanPlan& plan, bool with_carried, ObjectFields& fields) {
  for (size_t i = 0; i < plan.columns().size(); ++i) {
    const PlannedColumn& column = plan.columns()[i];
    const ScanColumn& scanned = plan.scan().columns[i];
    if (!column.is_in_document() || is_in_envelope(scanned)) continue;
    if (with_carried || !column.is_carried) fields.add_path(scanned.path, static_cast<uint32_t>(i));
  }
  if (plan.scan().on_unknown_field == UnknownField::ignore) return;
  for (const std::string& known : plan.scan().known_fields) fields.add(known);
}

}  // namespace sluice
