#include "sql/parse.hpp"

#include <pg_query.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "sql/parser_text.hpp"
#include "sql/sql_text.hpp"
#include "sql/syntax_advice.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

using Json = nlohmann::json;
using Failure = tl::unexpected<SqlProblem>;

// Both keep the recursion over the tree, here and in the parser, well within a thread's stack.
constexpr size_t most_bytes = 64 * 1024;
constexpr size_t deepest_json = 2000;

struct ParseResultRelease {
  void operator()(PgQueryParseResult* result) const {
    pg_query_free_parse_result(*result);
    delete result;
  }
};

SqlProblem whole_text_problem(ErrorCode code, std::string message, std::string suggestion = {}) {
  return {.code = code,
          .offset = 0,
          .length = 1,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

bool is_kind_name(const std::string& name) { return name[0] >= 'A' && name[0] <= 'Z'; }

// Turns the parser's JSON into ParseNodes, whose locations are characters of the text alone: the
// parser's are bytes, and count what was put before the text. None when the tree is too deep.
class Converter {
 public:
  Converter(const SqlText& text, const ParserText& parsed) : text_(text), parsed_(parsed) {}

  std::optional<ParseNode> convert(const Json& json, size_t depth) const {
    if (depth > deepest_json) return std::nullopt;
    if (json.is_object()) return convert_object(json, depth);
    if (json.is_array()) return convert_list(json, depth);
    if (json.is_boolean()) return ParseNode(json.get<bool>());
    if (json.is_number_integer()) return ParseNode(json.get<int64_t>());
    if (json.is_string()) return ParseNode(json.get<std::string>());
    return ParseNode();
  }

 private:
  std::optional<ParseNode> convert_member(const std::string& name, const Json& json,
                                          size_t depth) const {
    const bool is_location =
        name == "location" && json.is_number_integer() && json.get<int64_t>() >= 0;
    const auto byte = is_location ? parsed_.byte_of_user(json.get<size_t>()) : std::nullopt;
    if (!byte) return convert(json, depth);
    return ParseNode(static_cast<int64_t>(text_.position_of_byte(*byte)));
  }

  std::optional<ParseNode::Members> convert_members(const Json& json, size_t depth) const {
    ParseNode::Members members;
    members.reserve(json.size());
    for (const auto& [name, member] : json.items()) {
      auto node = convert_member(name, member, depth + 1);
      if (!node) return std::nullopt;
      members.emplace_back(name, std::move(*node));
    }
    return members;
  }

  std::optional<ParseNode> convert_list(const Json& json, size_t depth) const {
    ParseNode::List list;
    list.reserve(json.size());
    for (const Json& item : json) {
      auto node = convert(item, depth + 1);
      if (!node) return std::nullopt;
      list.push_back(std::move(*node));
    }
    return ParseNode(std::move(list));
  }

  // {"ColumnRef": {…}} becomes a node of that kind; other maps a node without one.
  std::optional<ParseNode> convert_object(const Json& json, size_t depth) const {
    const bool has_kind = json.size() == 1 && is_kind_name(json.begin().key());
    auto members = convert_members(has_kind ? json.begin().value() : json, depth);
    if (!members) return std::nullopt;
    return ParseNode(has_kind ? json.begin().key() : std::string(), std::move(*members));
  }

  const SqlText& text_;
  const ParserText& parsed_;
};

// In characters of the user's text; the parser counts from 1.
uint32_t place_of(const PgQueryError& error, const ParserText& parsed) {
  return parsed.position_of_user(static_cast<uint32_t>(std::max(error.cursorpos - 1, 0)));
}

SqlProblem syntax_problem(const SqlText& text, const PgQueryError& error,
                          const ParserText& parsed) {
  SqlProblem problem{.code = ErrorCode::sql_syntax, .message = error.message};
  problem.offset = place_of(error, parsed);
  problem.length = text.token_length(problem.offset);
  advise_on_syntax(text, problem);
  return problem;
}

using ParseResult = std::unique_ptr<PgQueryParseResult, ParseResultRelease>;

// Subqueries need no alias since PostgreSQL 16, which is newer than the parser.
ParseResult run_parser(ParserText& parsed) {
  while (true) {
    ParseResult result(new PgQueryParseResult(pg_query_parse(parsed.text().c_str())));
    const bool lacks_alias =
        result->error != nullptr &&
        std::string_view(result->error->message).ends_with("in FROM must have an alias");
    if (!lacks_alias || !parsed.name_subquery(place_of(*result->error, parsed))) return result;
  }
}

tl::expected<std::vector<ParseNode>, SqlProblem> parse(std::string_view prefix,
                                                       std::string_view sql) {
  if (sql.size() > most_bytes) {
    return Failure(whole_text_problem(ErrorCode::sql_syntax, "the SQL is longer than 64 KiB",
                                      "split it into steps"));
  }
  if (!is_valid_text(sql)) {
    return Failure(whole_text_problem(ErrorCode::sql_syntax, "the SQL is not valid UTF-8"));
  }
  ParserText parsed(prefix, sql);
  const ParseResult result = run_parser(parsed);
  const SqlText text(sql);
  if (result->error) return Failure(syntax_problem(text, *result->error, parsed));

  const Json json = Json::parse(result->parse_tree, nullptr, false);
  const auto tree = json.is_object() ? Converter(text, parsed).convert(json, 0) : std::nullopt;
  if (!tree) {
    return Failure(whole_text_problem(ErrorCode::sql_syntax, "the SQL is nested too deeply",
                                      "compute parts of it in a subquery or in a step before"));
  }
  std::vector<ParseNode> statements;
  for (const ParseNode& statement : tree->list("stmts")) statements.push_back(statement["stmt"]);
  return statements;
}

}  // namespace

tl::expected<std::vector<ParseNode>, SqlProblem> parse_sql(std::string_view sql) {
  return parse("", sql);
}

tl::expected<std::vector<ParseNode>, SqlProblem> parse_selected(std::string_view sql) {
  return parse("SELECT ", sql);
}

}  // namespace sluice
