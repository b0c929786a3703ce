// regexp_replace, regexp_like, regexp_count, regexp_instr, regexp_substr, substring by a regular
// expression, SIMILAR TO.
#include "expr/kernel.hpp"
#include "values/text/characters.hpp"
#include "values/text/regex_cache.hpp"
#include "values/text/regex_matches.hpp"
#include "values/text/similar_pattern.hpp"
#include "values/text/similar_substring.hpp"

namespace sluice {

namespace {

using namespace types;

Unexpected invalid_number(const char* name, int32_t value) {
  return fail(ErrorCode::invalid_argument,
              std::string("invalid value for parameter ") + name + ": " + std::to_string(value));
}

// What the arguments after text and pattern (and replacement) ask for.
struct Search {
  RegexOptions options;
  int32_t start = 1;       // character
  int32_t occurrence = 1;  // 0: all
  int32_t end_option = 0;  // 1: the position after the match
  int32_t group = 0;
};

// Reads the optional arguments of a call: where each stands, 0 when there is none.
struct SearchArguments {
  size_t start = 0;
  size_t occurrence = 0;
  size_t end_option = 0;
  size_t flags = 0;
  size_t group = 0;
};

int32_t integer_at(const CallContext& context, size_t index, size_t row, int32_t otherwise) {
  return index == 0 ? otherwise : Input<int32_t>(context.argument(index))[row];
}

Result<Search> search_at(const CallContext& context, const SearchArguments& places, size_t row) {
  Search search;
  if (places.flags != 0) {
    const auto flags = Input<std::string_view>(context.argument(places.flags))[row];
    SLUICE_ASSIGN(search.options, RegexOptions::parse(flags));
  }
  search.start = integer_at(context, places.start, row, 1);
  search.occurrence = integer_at(context, places.occurrence, row, 1);
  search.end_option = integer_at(context, places.end_option, row, 0);
  search.group = integer_at(context, places.group, row, 0);
  if (search.start <= 0) return invalid_number("start", search.start);
  if (search.end_option < 0 || search.end_option > 1) {
    return invalid_number("endoption", search.end_option);
  }
  if (search.group < 0) return invalid_number("subexpr", search.group);
  return search;
}

Unexpected no_global_option() {
  return fail(ErrorCode::invalid_argument, "this function does not support the global option",
              "Leave the g out of the flags");
}

// Calls use(regex, text, search, row) for each row; it returns what per_row functions return.
template <class Use>
void run_search(CallContext& context, const SearchArguments& places, Use use) {
  const Input<std::string_view> texts(context.argument(0));
  const Input<std::string_view> patterns(context.argument(1));
  Scope scope(context);
  RegexCache cache;
  for_each_row(context, [&](size_t row) {
    auto search = search_at(context, places, row);
    if (!search) return context.fail_row(row, std::move(search.error()));
    auto regex = cache.compile(patterns[row], search->options);
    if (!regex) return context.fail_row(row, std::move(regex.error()));
    store(context, scope, row, use(**regex, texts[row], *search, row));
  });
}

size_t start_byte(std::string_view text, int32_t start) {
  const auto characters = static_cast<size_t>(start) - 1;
  const size_t at = character_offset(text, characters);
  const bool is_beyond = at == text.size() && characters > count_characters(text);
  return is_beyond ? text.size() + 1 : at;
}

void run_like(CallContext& context) {
  SearchArguments places;
  places.flags = context.argument_count() > 2 ? 2 : 0;
  run_search(context, places,
             [](const re2::RE2& regex, std::string_view text, const Search& search,
                size_t) -> Result<bool> {
               if (search.options.is_global) return no_global_option();
               return RegexMatches(regex, text).next();
             });
}

void run_count(CallContext& context) {
  SearchArguments places;
  places.start = context.argument_count() > 2 ? 2 : 0;
  places.flags = context.argument_count() > 3 ? 3 : 0;
  run_search(context, places,
             [](const re2::RE2& regex, std::string_view text, const Search& search,
                size_t) -> Result<int32_t> {
               if (search.options.is_global) return no_global_option();
               RegexMatches matches(regex, text, start_byte(text, search.start));
               int32_t count = 0;
               while (matches.next()) ++count;
               return count;
             });
}

using OptionalText = std::optional<std::string_view>;

// The group of the n-th match that was asked for; none when there is none.
Result<OptionalText> found(RegexMatches& matches, const Search& search) {
  if (search.options.is_global) return no_global_option();
  if (search.occurrence <= 0) return invalid_number("n", search.occurrence);
  for (int32_t i = 0; i < search.occurrence; ++i) {
    if (!matches.next()) return OptionalText();
  }
  // Without groups, the first one is the whole match.
  const bool has_groups = matches.group_count() > 0;
  const size_t group = !has_groups && search.group == 1 ? 0 : static_cast<size_t>(search.group);
  if (group > matches.group_count() || matches.group(group).data() == nullptr) {
    return OptionalText();
  }
  return OptionalText(matches.group(group));
}

void run_substr(CallContext& context) {
  const size_t count = context.argument_count();
  SearchArguments places;
  places.start = count > 2 ? 2 : 0;
  places.occurrence = count > 3 ? 3 : 0;
  places.flags = count > 4 ? 4 : 0;
  places.group = count > 5 ? 5 : 0;
  run_search(context, places,
             [](const re2::RE2& regex, std::string_view text, const Search& search, size_t) {
               RegexMatches matches(regex, text, start_byte(text, search.start));
               return found(matches, search);
             });
}

void run_instr(CallContext& context) {
  const size_t count = context.argument_count();
  SearchArguments places;
  places.start = count > 2 ? 2 : 0;
  places.occurrence = count > 3 ? 3 : 0;
  places.end_option = count > 4 ? 4 : 0;
  places.flags = count > 5 ? 5 : 0;
  places.group = count > 6 ? 6 : 0;
  run_search(context, places,
             [](const re2::RE2& regex, std::string_view text, const Search& search,
                size_t) -> Result<int32_t> {
               RegexMatches matches(regex, text, start_byte(text, search.start));
               SLUICE_ASSIGN(const OptionalText part, found(matches, search));
               if (!part) return 0;
               const char* const end = part->data() + (search.end_option == 1 ? part->size() : 0);
               const auto bytes = static_cast<size_t>(end - text.data());
               return static_cast<int32_t>(count_characters(text.substr(0, bytes))) + 1;
             });
}

// The first group when there is one, else the whole match.
void run_substring(CallContext& context) {
  run_search(
      context, {},
      [](const re2::RE2& regex, std::string_view text, const Search&, size_t) -> OptionalText {
        RegexMatches matches(regex, text);
        if (!matches.next()) return std::nullopt;
        const std::string_view part = matches.group(matches.group_count() > 0 ? 1 : 0);
        return part.data() == nullptr ? OptionalText() : OptionalText(part);
      });
}

Status divides(std::string_view pattern, std::string_view escape) {
  auto parts = parts_of_similar(pattern, escape);
  return parts ? Status() : fail(std::move(parts.error()));
}

void run_substring_similar(CallContext& context) {
  using OptionalInput = Input<std::optional<std::string_view>>;
  const OptionalInput texts(context.argument(0));
  const OptionalInput patterns(context.argument(1));
  const OptionalInput escapes(context.argument(2));
  Scope scope(context);
  SimilarSubstring search;
  for_each_row(context, [&](size_t row) {
    const auto text = texts[row];
    const auto pattern = patterns[row];
    const auto escape = escapes[row];
    if (!pattern || !escape) return context.result().set_null(row);
    // PostgreSQL divides the pattern before it looks at the text.
    Status status = text ? search.compile(*pattern, *escape) : divides(*pattern, *escape);
    if (!status) return context.fail_row(row, std::move(status.error()));
    if (!text) return context.result().set_null(row);
    store(context, scope, row, search.find(*text));
  });
}

// \1 … \9 are groups, \& the match, \\ a backslash.
void append_replacement(Scope& scope, std::string_view replacement, const RegexMatches& match,
                        std::string& out) {
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    const bool is_group = next >= '1' && next <= '9';
    if (replacement[i] != '\\' || !(is_group || next == '&' || next == '\\')) {
      out += replacement[i];
      continue;
    }
    ++i;
    if (next == '\\') {
      out += next;
      continue;
    }
    const size_t group = is_group ? static_cast<size_t>(next - '0') : 0;
    if (group > match.group_count()) continue;
    scope.expect(out.size() + match.group(group).size());
    out += match.group(group);
  }
}

std::string_view replaced(Scope& scope, RegexMatches& matches, std::string_view text,
                          std::string_view replacement, int32_t occurrence) {
  std::string& buffer = scope.buffer();
  size_t done = 0;
  for (int32_t number = 1; matches.next(); ++number) {
    if (occurrence != 0 && number < occurrence) continue;
    buffer += text.substr(done, matches.offset() - done);
    append_replacement(scope, replacement, matches, buffer);
    scope.expect(buffer.size());
    done = matches.offset() + matches.group(0).size();
    if (occurrence != 0) break;
  }
  buffer += text.substr(done);
  return scope.copy(buffer);
}

// Without an occurrence the flag g decides between the first and all.
void run_replace(CallContext& context, const SearchArguments& places) {
  const Input<std::string_view> replacements(context.argument(2));
  Scope scope(context);
  run_search(context, places,
             [&](const re2::RE2& regex, std::string_view text, const Search& search,
                 size_t row) -> Result<std::string_view> {
               if (search.occurrence < 0) return invalid_number("n", search.occurrence);
               RegexMatches matches(regex, text, start_byte(text, search.start));
               const bool takes_all = places.occurrence == 0 && search.options.is_global;
               const int32_t occurrence = takes_all ? 0 : search.occurrence;
               return replaced(scope, matches, text, replacements[row], occurrence);
             });
}
void run_replace_by_flags(CallContext& context) {
  SearchArguments places;
  places.flags = context.argument_count() > 3 ? 3 : 0;
  run_replace(context, places);
}
void run_replace_at(CallContext& context) {
  SearchArguments places;
  places.start = 3;
  places.occurrence = context.argument_count() > 4 ? 4 : 0;
  places.flags = context.argument_count() > 5 ? 5 : 0;
  run_replace(context, places);
}

KernelSpec kernel(Kernel run) { return {run, true, true, {}}; }

// One overload for each number of the optional arguments.
void add_with_optional(FunctionRegistry& registry, const char* name,
                       const std::vector<Type>& optional, const Function& base) {
  Function made = base;
  made.name = name;
  made.arguments = {text, text};
  registry.add(made);
  for (const Type type : optional) {
    made.arguments.push_back(type);
    registry.add(made);
  }
}

void add_replace(FunctionRegistry& registry) {
  const char* const help = "matches replaced, with \\1 for groups";
  const std::vector<Type> plain{text, text, text};
  const auto add = [&](std::vector<Type> more, Kernel run) {
    more.insert(more.begin(), plain.begin(), plain.end());
    registry.add(function("regexp_replace", std::move(more), text, kernel(run), help));
  };
  add({}, run_replace_by_flags);
  add({text}, run_replace_by_flags);
  add({integer}, run_replace_at);
  add({integer, integer}, run_replace_at);
  add({integer, integer, text}, run_replace_at);
}

}  // namespace

void register_regexes(FunctionRegistry& registry) {
  add_replace(registry);
  add_with_optional(registry, "regexp_like", {text},
                    function("", {}, boolean, kernel(run_like), "has a match"));
  add_with_optional(registry, "regexp_count", {integer, text},
                    function("", {}, integer, kernel(run_count), "number of matches"));
  add_with_optional(registry, "regexp_instr", {integer, integer, integer, text, integer},
                    function("", {}, integer, kernel(run_instr), "position of a match, or 0"));
  add_with_optional(registry, "regexp_substr", {integer, integer, text, integer},
                    function("", {}, text, kernel(run_substr), "text of a match, or NULL"));
  registry.add(function("substring", {text, text}, text, kernel(run_substring),
                        "text of the first match, or of its first group"));
  registry.add(function("substring", {text, text, text}, text,
                        {run_substring_similar, true, false, {}},
                        "what stands between the separators of a SIMILAR TO pattern"));
  registry.add(function("similar_to_escape", {text}, text, per_row([](std::string_view pattern) {
                          return regex_of_similar(pattern, "\\");
                        }),
                        "SIMILAR TO pattern as a regular expression"));
  registry.add(function("similar_to_escape", {text, text}, text, per_row<regex_of_similar>(),
                        "SIMILAR TO pattern as a regular expression"));
}

}  // namespace sluice
