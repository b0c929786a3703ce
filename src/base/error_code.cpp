#include "base/error_code.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/assert.hpp"
#include "base/result.hpp"

namespace sluice {

namespace {

constexpr ErrorDescription catalogue[] = {
#define SLUICE_ERROR(number, name, domain, title, advice) \
  {ErrorCode::name, #name, ErrorDomain::domain, title, advice},
#include "base/error_catalogue.def"
#undef SLUICE_ERROR
};

const ErrorDescription* find(ErrorCode code) {
  const auto* entry = std::lower_bound(std::begin(catalogue), std::end(catalogue), code,
                                       [](const ErrorDescription& description, ErrorCode wanted) {
                                         return description.code < wanted;
                                       });
  return entry != std::end(catalogue) && entry->code == code ? entry : nullptr;
}

}  // namespace

const ErrorDescription& describe(ErrorCode code) {
  const ErrorDescription* entry = find(code);
  SLUICE_ASSERT(entry != nullptr, "error code is not in the catalogue");
  return *entry;
}

std::string error_code_text(ErrorCode code) {
  return "E" + std::to_string(static_cast<uint16_t>(code));
}

std::optional<ErrorCode> parse_error_code(std::string_view text) {
  if (text.starts_with('E') || text.starts_with('e')) text.remove_prefix(1);
  uint16_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const auto code = static_cast<ErrorCode>(number);
  return find(code) != nullptr ? std::optional(code) : std::nullopt;
}

std::span<const ErrorDescription> error_catalogue() { return catalogue; }

std::string Error::placed_message() const {
  if (!place) return message;
  std::string text = std::string(place->role) + " " + place->step;
  if (!place->topic.empty()) {
    text += ", topic " + place->topic + ", partition " + std::to_string(place->partition);
    if (place->offset >= 0) text += ", offset " + std::to_string(place->offset);
  }
  text += ": " + message;
  if (!place->row.empty()) text += "; the row: " + place->row;
  return text;
}

std::string Error::way_on() const {
  if (!advice.empty()) return advice;
  std::string_view general = describe(code).advice;
  general.remove_suffix(1);
  return std::string(general);
}

std::string Error::to_string() const {
  return advice.empty() ? error_code_text(code) + " " + placed_message() : final_text();
}

std::string Error::final_text() const {
  return error_code_text(code) + " " + placed_message() + " (" + way_on() + ")";
}

}  // namespace sluice
