#include "sql/scope.hpp"

#include <algorithm>

#include "config/diagnostic.hpp"

namespace sluice {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string join(const std::vector<std::string>& names, size_t most) {
  std::string text;
  for (size_t i = 0; i < std::min(most, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > most) text += ", … (" + std::to_string(names.size()) + " columns)";
  return text;
}

// Of a subquery without an alias.
std::string shown(const std::string& relation) {
  return relation.empty() ? "a subquery" : relation;
}

void report_ambiguous(BindState& state, const ScopeColumn& one, const ScopeColumn& other,
                      uint32_t position) {
  if (!one.relation.empty() && one.relation == other.relation) {
    state.error(
        ErrorCode::ambiguous_column, position,
        "column \"" + one.name + "\" is twice in " + one.relation + ": its own and the window's",
        "give its own another name in a step or subquery before the window");
    return;
  }
  const bool are_named = !one.relation.empty() && !other.relation.empty();
  state.error(ErrorCode::ambiguous_column, position,
              "column \"" + one.name + "\" is in " + shown(one.relation) + " and in " +
                  shown(other.relation),
              are_named ? "write " + one.relation + "." + one.name + " or " + other.relation + "." +
                              other.name
                        : "give each subquery a name: (SELECT …) AS a");
}

}  // namespace

void NameScope::add(const std::string& relation, const Schema& schema, size_t first) {
  for (size_t i = 0; i < schema.size(); ++i) {
    columns_.push_back({relation, schema[i].name, schema[i].type, first + i});
  }
}

void NameScope::append(const NameScope& other, size_t shift) {
  for (ScopeColumn column : other.columns_) {
    column.index += shift;
    columns_.push_back(std::move(column));
  }
}

void NameScope::remove(const std::vector<std::string>& names, size_t end) {
  std::erase_if(columns_, [&](const ScopeColumn& column) {
    return column.index < end && std::find(names.begin(), names.end(), column.name) != names.end();
  });
}

void NameScope::hide_unqualified(std::string_view relation, std::string_view column) {
  for (ScopeColumn& known : columns_) {
    if (known.relation == relation && known.name == column) known.qualified_only = true;
  }
}

bool NameScope::has_relation(std::string_view relation) const {
  return std::any_of(columns_.begin(), columns_.end(),
                     [&](const ScopeColumn& column) { return column.relation == relation; });
}

std::string NameScope::shared_relation(const NameScope& other) const {
  for (const ScopeColumn& column : other.columns_) {
    if (has_relation(column.relation)) return column.relation;
  }
  return {};
}

const ScopeColumn* NameScope::resolve(BindState& state, std::string_view relation,
                                      std::string_view column, uint32_t position) const {
  const ScopeColumn* found = nullptr;
  for (const ScopeColumn& known : columns_) {
    if (known.name != column) continue;
    if (relation.empty() ? known.qualified_only : known.relation != relation) continue;
    if (found) {
      report_ambiguous(state, *found, known, position);
      return nullptr;
    }
    found = &known;
  }
  if (!found) report_unknown(state, relation, column, position);
  return found;
}

const ScopeColumn* NameScope::find(std::string_view column) const {
  const ScopeColumn* found = nullptr;
  for (const ScopeColumn& known : columns_) {
    if (known.name != column || known.qualified_only) continue;
    if (found) return nullptr;
    found = &known;
  }
  return found;
}

void NameScope::report_unknown(BindState& state, std::string_view relation, std::string_view column,
                               uint32_t position) const {
  if (!relation.empty() && !has_relation(relation)) {
    const auto known = relation_names();
    state.error(ErrorCode::unknown_relation, position,
                "FROM has no table \"" + std::string(relation) + "\"; it has " + join(known, 8),
                did_you_mean(relation, known));
    return;
  }
  const auto known = column_names(relation);
  // An unquoted name was folded to lower case: the one meant differs in case alone.
  for (const std::string& name : known) {
    if (name == column || lower(name) != column) continue;
    state.error(ErrorCode::trap_folded_name, position,
                "unquoted names are folded to lower case: this is \"" + std::string(column) +
                    "\", the column is \"" + name + "\"",
                "write \"" + name + "\" in double quotes");
    return;
  }
  const auto tables = relation_names();
  const std::string where =
      relation.empty() && tables.size() != 1
          ? "FROM has"
          : (relation.empty() && !tables.empty() ? tables[0] + " has"
                                                 : std::string(relation) + " has");
  state.error(ErrorCode::unknown_column, position,
              "unknown column \"" + std::string(column) + "\"; " + where + ": " + join(known, 8),
              advice_for_unknown(state, relation, column, position));
}

std::string NameScope::advice_for_unknown(BindState& state, std::string_view relation,
                                          std::string_view column, uint32_t position) const {
  if (relation.empty() && std::find(aliases_.begin(), aliases_.end(), column) != aliases_.end()) {
    return "the select list gives this name: repeat its expression, or use the name in a step or "
           "subquery behind";
  }
  std::string advice = did_you_mean(column, column_names(relation));
  // MySQL and Spark write texts so.
  const std::string token(state.text().token_at(position));
  const bool may_be_text = relation.empty() && token.starts_with('"') && token.size() > 2;
  if (may_be_text && advice.empty())
    advice = "if it is a text, write '" + token.substr(1, token.size() - 2) + "'";
  return advice;
}

std::vector<std::string> NameScope::column_names(std::string_view relation) const {
  std::vector<std::string> names;
  for (const ScopeColumn& column : columns_) {
    if (relation.empty() || column.relation == relation) names.push_back(column.name);
  }
  return names;
}

std::vector<std::string> NameScope::relation_names() const {
  std::vector<std::string> names;
  for (const ScopeColumn& column : columns_) {
    const std::string name = shown(column.relation);
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known) names.push_back(name);
  }
  return names;
}

}  // namespace sluice
