#include "sql/column_name.hpp"

#include <algorithm>
#include <optional>

namespace sluice {

namespace {

// How much a name says: a type or `case` gives way to what is inside of it.
struct Suggestion {
  std::string name;
  bool is_weak = false;
};

std::optional<Suggestion> suggest(const ParseNode& node);

// The inner name, unless it says less than `weak`.
Suggestion inner_or(const ParseNode& inner, std::string weak) {
  auto suggestion = suggest(inner);
  if (suggestion && !suggestion->is_weak) return *suggestion;
  return {std::move(weak), true};
}

std::string keyword_name(const std::string& operation) {
  constexpr std::string_view prefix = "SVFOP_";
  std::string name = operation.substr(std::min(prefix.size(), operation.size()));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

std::optional<Suggestion> suggest(const ParseNode& node) {
  if (node.is("ColumnRef")) {
    const std::string name = last_string(node.list("fields"));
    if (!name.empty()) return Suggestion{name};
  }
  if (node.is("FuncCall")) return Suggestion{last_string(node.list("funcname"))};
  if (node.is("A_Expr") && node.text("kind") == "AEXPR_NULLIF") return Suggestion{"nullif"};
  if (node.is("TypeCast")) {
    const std::string type = last_string(node["typeName"].list("names"));
    return type.empty() ? suggest(node["arg"]) : inner_or(node["arg"], type);
  }
  if (node.is("CaseExpr")) return inner_or(node["defresult"], "case");
  if (node.is("CoalesceExpr")) return Suggestion{"coalesce"};
  if (node.is("MinMaxExpr")) {
    return Suggestion{node.text("op") == "IS_LEAST" ? "least" : "greatest"};
  }
  if (node.is("SQLValueFunction")) return Suggestion{keyword_name(node.text("op"))};
  return std::nullopt;
}

}  // namespace

std::string figure_column_name(const ParseNode& expression) {
  const auto suggestion = suggest(expression);
  return suggestion ? suggestion->name : "?column?";
}

}  // namespace sluice
