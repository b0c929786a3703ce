#include "support/connector_options.hpp"

#include <gtest/gtest.h>

#include "config/document.hpp"

namespace sluice::test {

Options options_of(const OptionTable& table, const std::string& yaml) {
  Diagnostics diagnostics;
  const SourceText text("options", yaml);
  Options options = table.read(parse_yaml(text, diagnostics), "options", diagnostics);
  for (const Diagnostic& problem : diagnostics.sorted())
    ADD_FAILURE() << yaml << ": " << problem.message;
  return options;
}

}  // namespace sluice::test
