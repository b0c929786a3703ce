#include "base/caught_exception.hpp"

#include <exception>
#include <new>

namespace sluice {

namespace {

// Has room in a string that has no memory beside itself, so that making, moving and copying the
// Error asks for none.
constexpr std::string_view out_of_memory = "out of memory";
static_assert(out_of_memory.size() <= std::string().capacity());

Error memory_error() {
  return {ErrorCode::memory_exhausted, std::string(out_of_memory), Retry::later, {}};
}

Error internal_error(std::string_view where, std::string_view what) {
  return {ErrorCode::internal,
          "an exception ended " + std::string(where) + ": " + std::string(what),
          Retry::later,
          {}};
}

Error described_exception(std::string_view where) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return memory_error();
  } catch (const std::exception& exception) {
    return internal_error(where, exception.what());
  } catch (...) {
    return internal_error(where, "of a type that says nothing");
  }
}

}  // namespace

Error caught_exception(std::string_view where) {
  try {
    return described_exception(where);
  } catch (const std::bad_alloc&) {  // for its description
    return memory_error();
  }
}

}  // namespace sluice
