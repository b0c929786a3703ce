// catch_exceptions: the edge of a thread. What nothing nearer to its cause has caught (memory that
// cannot be had, a library's bug) becomes the Error of what the thread works for. Without it the
// process would end, and with it everything else that runs there. From any thread.
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.hpp"

namespace sluice {

// Of the exception under way, inside a catch. memory_exhausted or internal, and Retry::later: what
// was under way is lost, and may go well from the last checkpoint on. Without memory it needs none,
// nor does a copy of it. `where`: "reading a source".
Error caught_exception(std::string_view where);

// What the call returns, or the Error of what it throws. A call without a result gives a Status.
template <class Call>
auto catch_exceptions(std::string_view where, Call&& call) {
  using Returned = std::invoke_result_t<Call>;
  using Outcome = std::conditional_t<std::is_void_v<Returned>, Status, Returned>;
  try {
    if constexpr (std::is_void_v<Returned>) {
      std::forward<Call>(call)();
      return Outcome();
    } else {
      return Outcome(std::forward<Call>(call)());
    }
  } catch (...) {
    return Outcome(fail(caught_exception(where)));
  }
}

}  // namespace sluice
