#include "plan/text/operation_text.hpp"

#include "base/assert.hpp"
#include "windows/duration_text.hpp"

namespace sluice {

namespace {

const char* policy_name(RowPolicy policy) {
  switch (policy) {
    case RowPolicy::dead_letter:
      return "dead_letter";
    case RowPolicy::drop:
      return "drop";
    case RowPolicy::fail:
      return "fail";
  }
  SLUICE_ASSERT(false, "unknown policy");
}

}  // namespace

std::string list_text(const Columns& columns, const std::vector<std::string>& names) {
  std::string text;
  for (const size_t column : columns) text += (text.empty() ? "" : ", ") + names[column];
  return "[" + text + "]";
}

std::string ttl_text(int64_t ttl_us) { return ttl_us == 0 ? "" : " ttl " + duration_text(ttl_us); }

std::string every_text(int64_t emit_every_us) {
  return emit_every_us == 0 ? "" : " every " + duration_text(emit_every_us);
}

std::string late_text(const LatePolicy& late) {
  if (!late.refuses) return " late accepted upstream " + duration_text(late.accept_us);
  return " late accept " + duration_text(late.accept_us) + " then " + policy_name(late.action);
}

}  // namespace sluice
