// WindowOperators: how each kind of windows is kept when rows are grouped by them. Each kind
// registers its own in a file of windows/kinds/; CMake makes their list, which is that of the kinds
// in src/windows/kinds. Filled by the constructor, then immutable; any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "operators/window_aggregate.hpp"

namespace sluice {

class WindowOperators {
 public:
  using Make = std::shared_ptr<const OperatorDescription> (*)(WindowAggregateSettings settings);

  WindowOperators();  // of all kinds

  // For the registrations. `kind`: Window::name().
  void add(std::string_view kind, Make make) { makers_.emplace(kind, make); }

  std::shared_ptr<const OperatorDescription> make(WindowAggregateSettings settings) const;

 private:
  std::map<std::string, Make, std::less<>> makers_;
};

// Generated: registers every kind.
void register_window_operators(WindowOperators& operators);

}  // namespace sluice
