// LIKE, ILIKE, regular expressions and their negations.
#include <re2/re2.h>

#include "expr/kernel.hpp"
#include "values/text/like.hpp"
#include "values/text/regex_cache.hpp"

namespace sluice {

namespace {

Result<bool> negated(Result<bool> matches) {
  if (matches) *matches = !*matches;
  return matches;
}

template <bool ignores_case, bool when_matched>
void run_regex(CallContext& context) {
  const Input<std::string_view> texts(context.argument(0));
  const Input<std::string_view> patterns(context.argument(1));
  uint8_t* result = context.result().mutable_values<uint8_t>();
  RegexCache cache;
  for_each_row(context, [&](size_t row) {
    auto regex = cache.compile(patterns[row], {ignores_case, false, false, false});
    if (!regex) return context.fail_row(row, std::move(regex.error()));
    const std::string_view text = texts[row];
    const bool is_match =
        re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), **regex);
    result[row] = is_match == when_matched;
  });
}

Function text_test(const char* name, KernelSpec kernel, const char* help) {
  return infix(name, {types::text, types::text}, types::boolean, std::move(kernel), help);
}
KernelSpec regex_kernel(Kernel run) { return {run, true, true, {}}; }

}  // namespace

void register_patterns(FunctionRegistry& registry) {
  registry.add(text_test("~~", per_row<matches_like>(), "LIKE"));
  registry.add(text_test("~~*", per_row<matches_ilike>(), "ILIKE"));
  registry.add(text_test("!~~", per_row([](std::string_view text, std::string_view pattern) {
                           return negated(matches_like(text, pattern));
                         }),
                         "NOT LIKE"));
  registry.add(text_test("!~~*", per_row([](std::string_view text, std::string_view pattern) {
                           return negated(matches_ilike(text, pattern));
                         }),
                         "NOT ILIKE"));
  registry.add(function("like_escape", {types::text, types::text}, types::text,
                        per_row<like_escape>(), "LIKE pattern with another escape character"));
  registry.add(
      text_test("~", regex_kernel(run_regex<false, true>), "matches a regular expression"));
  registry.add(text_test("~*", regex_kernel(run_regex<true, true>),
                         "matches a regular expression, whatever the case"));
  registry.add(text_test("!~", regex_kernel(run_regex<false, false>),
                         "does not match a regular expression"));
  registry.add(text_test("!~*", regex_kernel(run_regex<true, false>),
                         "does not match a regular expression, whatever the case"));
}

}  // namespace sluice
