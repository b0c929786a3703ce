// FormatRegistry: formats by name, filled once at start from a generated list (one CMake line per
// format), then immutable.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/decoder.hpp"
#include "formats/encoder.hpp"

namespace sluice {

class FormatRegistry {
 public:
  void add(std::unique_ptr<Format> format);
  void add(std::unique_ptr<OutputFormat> format);
  // Null when unknown.
  const Format* find_input(std::string_view name) const;
  const OutputFormat* find_output(std::string_view name) const;
  std::vector<std::string> input_names() const;
  std::vector<std::string> output_names() const;

 private:
  std::map<std::string, std::unique_ptr<Format>, std::less<>> inputs_;
  std::map<std::string, std::unique_ptr<OutputFormat>, std::less<>> outputs_;
};

void register_builtin_formats(FormatRegistry& registry);

}  // namespace sluice
