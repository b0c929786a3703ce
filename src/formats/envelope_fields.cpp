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

// Of a field, as it is and in the wrapper.
std::vector<std::vector<std::string>> places_of(const std::string& path,
                                                const EnvelopeShape& shape) {
  std::vector<std::vector<std::string>> places = {keys_of(path)};
  if (shape.wrapper.empty()) return places;
  places.push_back(places.front());
  places.back().insert(places.back().begin(), shape.wrapper);
  return places;
}

}  // namespace

std::vector<std::vector<std::string>> image_paths(const EnvelopeShape& shape) {
  std::vector<std::vector<std::string>> paths;
  for (const std::string& image : shape.images) {
    for (std::vector<std::string>& place : places_of(image, shape))
      paths.push_back(std::move(place));
  }
  return paths;
}

void add_fields(const EnvelopeShape& shape, ObjectFields& fields) {
  uint32_t index = 0;
  for (const std::vector<std::string>* paths : {&shape.images, &shape.fields}) {
    for (const std::string& path : *paths) {
      for (const std::vector<std::string>& place : places_of(path, shape))
        fields.add_path(place, index);
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
