#include "base/caught_exception.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

namespace {

thread_local bool is_memory_gone = false;

void* given_or_throw(std::size_t size) {
  void* const memory = is_memory_gone ? nullptr : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// Inlined on one side alone, they look to the compiler as if they did not belong together.
[[gnu::noinline]] void* operator new(std::size_t size) { return given_or_throw(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return given_or_throw(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace sluice {
namespace {

const std::string long_name(100, 'x');

// What becomes of the call's exception, and of a copy, while the machine gives no memory.
template <class Call>
Error caught_without_memory(Call call) {
  is_memory_gone = true;
  const Status ended = catch_exceptions(long_name, call);
  Error kept = ended.error();
  is_memory_gone = false;
  return kept;
}

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
  EXPECT_EQ(memory.error().code, ErrorCode::memory_exhausted);
  EXPECT_EQ(memory.error().message, "out of memory");
  EXPECT_EQ(memory.error().retry, Retry::later);
  const Status known = catch_exceptions("a test", [] { throw std::out_of_range("no such place"); });
  EXPECT_EQ(known.error().code, ErrorCode::internal);
  EXPECT_EQ(known.error().message, "an exception ended a test: no such place");
  const Status other = catch_exceptions("a test", [] { throw 7; });
  EXPECT_EQ(other.error().code, ErrorCode::internal);
}

TEST(CatchExceptions, NeedsNoMemoryToTellThatThereIsNone) {
  const Error error = caught_without_memory([] { static_cast<void>(std::string(100, 'y')); });
  EXPECT_EQ(error.code, ErrorCode::memory_exhausted);
  EXPECT_EQ(error.retry, Retry::later);
}

TEST(CatchExceptions, TellsOfMemoryWhereThereIsNoneToSayMore) {
  const std::out_of_range problem(long_name);
  const Error error = caught_without_memory([&] { throw problem; });
  EXPECT_EQ(error.code, ErrorCode::memory_exhausted);
}

}  // namespace
}  // namespace sluice
