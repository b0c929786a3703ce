#include "dataflow/source.hpp"

#include "dataflow/split_check.hpp"

namespace sluice {

std::unique_ptr<SplitCheck> SourceDescription::make_check(const std::string&) const {
  return nullptr;
}

}  // namespace sluice
