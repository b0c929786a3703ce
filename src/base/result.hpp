// Error and Result<T>: how every fallible function of Sluice reports failure.
//
// A Result is a value or an Error; to ignore one is a warning, which is an error here. Bugs are not
// Errors: they assert (base/assert.hpp). Exceptions of libraries stop at the edge where the library
// is called and become Errors there. Plain values, usable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/error_code.hpp"

namespace sluice {

// Whether doing the same thing again may succeed.
enum class Retry : uint8_t { never, later };

// Which row or record of the data a failure is about, as far as that is known.
struct RecordPlace {
  const char* role = "step";  // what `step` names: "source", "step" or "sink"
  std::string step;
  std::string topic;  // or the file's name; empty: not known
  int32_t partition = 0;
  int64_t offset = -1;  // -1: not known
  std::string row;      // as JSON, or its beginning; empty: not known
};

// One failure: what happened, in words for the user, under a code of the catalogue.
struct Error {
  ErrorCode code;
  std::string message;
  Retry retry = Retry::never;
  std::string advice;       // what to change, without full stop; empty: what the catalogue says
  std::string option = {};  // the field of the pipeline file at fault; empty: none in particular
  std::optional<RecordPlace> place = std::nullopt;  // `message` does not repeat it

  ErrorDomain domain() const { return describe(code).domain; }
  // "step s, topic t, partition 0, offset 7: message; the row: {…}"
  std::string placed_message() const;
  // The advice, or the catalogue's; without full stop, never empty.
  std::string way_on() const;
  // "E4103 message (advice)", with the place
  std::string to_string() const;
  // The same of what a run or a command ends with, which never goes without the way on.
  std::string final_text() const;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};
using Status = Result<void>;
using Unexpected = tl::unexpected<Error>;

inline Unexpected fail(ErrorCode code, std::string message, std::string advice = {}) {
  return Unexpected(Error{code, std::move(message), Retry::never, std::move(advice)});
}
inline Unexpected fail_retriable(ErrorCode code, std::string message, std::string advice = {}) {
  return Unexpected(Error{code, std::move(message), Retry::later, std::move(advice)});
}
// A failure for which one field of a section of the pipeline file is to blame.
inline Unexpected fail_option(std::string option, ErrorCode code, std::string message,
                              std::string advice = {}) {
  return Unexpected(
      Error{code, std::move(message), Retry::never, std::move(advice), std::move(option)});
}
inline Unexpected fail(Error error) { return Unexpected(std::move(error)); }

#define SLUICE_CONCAT_(a, b) a##b
#define SLUICE_CONCAT(a, b) SLUICE_CONCAT_(a, b)

// Returns the Error of a Status or Result from the enclosing function.
#define SLUICE_TRY(expression)                                      \
  do {                                                              \
    if (auto sluice_try_ = (expression); !sluice_try_) [[unlikely]] \
      return ::sluice::Unexpected(std::move(sluice_try_).error());  \
  } while (false)

// SLUICE_ASSIGN(auto x, f()): x is the value of f(), or its Error is returned.
#define SLUICE_ASSIGN(declaration, expression) \
  SLUICE_ASSIGN_(SLUICE_CONCAT(sluice_result_, __LINE__), declaration, expression)
#define SLUICE_ASSIGN_(temporary, declaration, expression)     \
  auto temporary = (expression);                               \
  if (!temporary) [[unlikely]]                                 \
    return ::sluice::Unexpected(std::move(temporary).error()); \
  declaration = std::move(*temporary)

}  // namespace sluice
