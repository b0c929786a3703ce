#include "dataflow/use_pattern.hpp"

namespace sluice {

namespace {

constexpr std::string_view any_text = "{}";

bool has_any_text(std::string_view what) { return what.find(any_text) != std::string_view::npos; }

std::string_view beginning(std::string_view what) { return what.substr(0, what.find(any_text)); }

std::string_view end(std::string_view what) {
  const size_t last = what.rfind(any_text);
  return last == std::string_view::npos ? what : what.substr(last + any_text.size());
}

}  // namespace

bool may_write_the_same(std::string_view what, std::string_view other) {
  if (!has_any_text(what) && !has_any_text(other)) return what == other;
  const std::string_view first = beginning(what);
  const std::string_view first_of_other = beginning(other);
  if (!first.starts_with(first_of_other) && !first_of_other.starts_with(first)) return false;
  const std::string_view last = end(what);
  const std::string_view last_of_other = end(other);
  return last.ends_with(last_of_other) || last_of_other.ends_with(last);
}

}  // namespace sluice
