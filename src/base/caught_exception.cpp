#include "base/caught_exception.hpp"

#include <exception>
#include <new>

namespace sluice {

namespace {

Error internal_error(std::string_view where, std::string_view what) {
  return {ErrorCode::internal,
          "an exception ended " + std::string(where) + ": " + std::string(what),
          Retry::later,
          {}};
}

}  // namespace

Error caught_exception(std::string_view where) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {ErrorCode::budget_exceeded,
            "the machine gave no more memory, which ended " + std::string(where), Retry::later,
            "lower state.budget until the budgets of all pipelines fit the machine"};
  } catch (const std::exception& exception) {
    return internal_error(where, exception.what());
  } catch (...) {
    return internal_error(where, "of a type that says nothing");
  }
}

}  // namespace sluice
