#include "compile/compile.hpp"

#include <gtest/gtest.h>

#include "support/golden_cases.hpp"
#include "unit/compile/compile_case.hpp"

namespace sluice {
namespace {

TEST(Compile, GivesTheGraphOfEachPipeline) {
  check_golden_folder("tests/unit/compile/cases", test::compile_case_text);
}

}  // namespace
}  // namespace sluice
