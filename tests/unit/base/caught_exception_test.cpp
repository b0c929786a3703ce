#include "base/caught_exception.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace sluice {
namespace {

TEST(CatchExceptions, GivesWhatTheCallReturns) {
  const Result<int> result = catch_exceptions("a test", [] { return Result<int>(7); });
  EXPECT_EQ(*result, 7);
  const Result<int> failed =
      catch_exceptions("a test", [] { return Result<int>(fail(ErrorCode::io_failed, "no")); });
  EXPECT_EQ(failed.error().code, ErrorCode::io_failed);
  EXPECT_TRUE(catch_exceptions("a test", [] {}));
}

TEST(CatchExceptions, MakesAnErrorOfWhatIsThrown) {
  const Status memory = catch_exceptions("a test", [] { throw std::bad_alloc(); });
  EXPECT_EQ(
      memory.error().to_string(),
      "E5005 the machine gave no more memory, which ended a test (lower state.budget until the "
      "budgets of all pipelines fit the machine)");
  EXPECT_EQ(memory.error().retry, Retry::later);
  const Status known = catch_exceptions("a test", [] { throw std::out_of_range("no such place"); });
  EXPECT_EQ(known.error().to_string(), "E9001 an exception ended a test: no such place");
  const Status other = catch_exceptions("a test", [] { throw 7; });
  EXPECT_EQ(other.error().code, ErrorCode::internal);
}

}  // namespace
}  // namespace sluice
