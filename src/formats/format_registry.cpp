#include "formats/format_registry.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

template <class Map>
std::vector<std::string> names_of(const Map& formats) {
  std::vector<std::string> names;
  for (const auto& [name, format] : formats) names.push_back(name);
  return names;
}

template <class Map>
auto find_in(const Map& formats, std::string_view name) {
  const auto found = formats.find(name);
  return found == formats.end() ? nullptr : found->second.get();
}

}  // namespace

void FormatRegistry::add(std::unique_ptr<Format> format) {
  std::string name = format->name();
  const bool is_new = inputs_.emplace(std::move(name), std::move(format)).second;
  SLUICE_ASSERT(is_new, "two input formats have one name");
}

void FormatRegistry::add(std::unique_ptr<OutputFormat> format) {
  std::string name = format->name();
  const bool is_new = outputs_.emplace(std::move(name), std::move(format)).second;
  SLUICE_ASSERT(is_new, "two output formats have one name");
}

const Format* FormatRegistry::find_input(std::string_view name) const {
  return find_in(inputs_, name);
}

const OutputFormat* FormatRegistry::find_output(std::string_view name) const {
  return find_in(outputs_, name);
}

std::vector<std::string> FormatRegistry::input_names() const { return names_of(inputs_); }

std::vector<std::string> FormatRegistry::output_names() const { return names_of(outputs_); }

}  // namespace sluice
