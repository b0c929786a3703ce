// ErrorCode: every coded error of Sluice, made from the one catalogue in base/error_catalogue.def.
// Constant data, usable from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

// Who has to act: the user (file, query, settings), somebody outside (broker, database, disk), or
// we (a bug).
enum class ErrorDomain : uint8_t { user, external, bug };

enum class ErrorCode : uint16_t {
#define SLUICE_ERROR(number, name, domain, title, advice) name = number,
#include "base/error_catalogue.def"
#undef SLUICE_ERROR
};

// One entry of the catalogue.
struct ErrorDescription {
  ErrorCode code;
  std::string_view name;  // unknown_field
  ErrorDomain domain;
  std::string_view title;   // one line
  std::string_view advice;  // what `sluice explain` prints below it
};

const ErrorDescription& describe(ErrorCode code);
// "E1302"
std::string error_code_text(ErrorCode code);
// Accepts "E1302" and "1302".
std::optional<ErrorCode> parse_error_code(std::string_view text);
// All entries, in the order of their numbers.
std::span<const ErrorDescription> error_catalogue();

}  // namespace sluice
