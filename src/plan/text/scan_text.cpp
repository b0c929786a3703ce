#include "plan/text/scan_text.hpp"

#include "base/assert.hpp"
#include "formats/envelope.hpp"

namespace sluice {

namespace {

const char* unit_text(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::none:
      return "";
    case TimeUnit::seconds:
      return " unit s";
    case TimeUnit::milliseconds:
      return " unit ms";
    case TimeUnit::microseconds:
      return " unit us";
    case TimeUnit::nanoseconds:
      return " unit ns";
  }
  SLUICE_ASSERT(false, "unknown unit of time");
}

const char* meta_text(MetaColumn meta) {
  switch (meta) {
    case MetaColumn::none:
      return "";
    case MetaColumn::topic:
      return "meta topic";
    case MetaColumn::partition:
      return "meta partition";
    case MetaColumn::offset:
      return "meta offset";
    case MetaColumn::timestamp:
      return "meta timestamp";
    case MetaColumn::key:
      return "meta key";
    case MetaColumn::headers:
      return "meta headers";
  }
  SLUICE_ASSERT(false, "unknown part of a record");
}

}  // namespace

std::string scan_text(const ScanSpec& scan, size_t index) {
  const ScanColumn& column = scan.columns[index];
  std::string text = type_name(column.type) + " ";
  if (column.computed) {
    std::vector<std::string> names;
    for (const ScanColumn& other : scan.columns) names.push_back(other.name);
    return text + "= " + to_string(*column.computed, names);
  }
  if (column.meta != MetaColumn::none) return text + meta_text(column.meta);
  const size_t first = is_in_envelope(column) ? 1 : 0;
  text += first == 0 ? "from $" : "from envelope $";
  for (size_t i = first; i < column.path.size(); ++i) text += "." + column.path[i];
  return text + unit_text(column.unit);
}

}  // namespace sluice
