// A pipeline as support/plan_case.hpp has it, compiled, as text for golden cases. Further lines say
//   parallelism 2      else 1
//   dead letters       there is a sink for them
// and of a sink the `target` that it writes to, else `t`. What is called bad_… is refused by its
// connector; file_NAME stands for a file of that name, which a sink has for itself.
// The result: sources, targets and nodes, or the problems. Pure.
#pragma once

#include <string>

namespace sluice::test {

std::string compile_case_text(const std::string& input);

}  // namespace sluice::test
