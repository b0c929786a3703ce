// NameScope: the columns that names in an expression may mean: those of the tables in FROM. A
// value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/schema.hpp"
#include "sql/bind_state.hpp"

namespace sluice {

struct ScopeColumn {
  std::string relation;  // name or alias of its table
  std::string name;
  Type type;
  size_t index;                 // column of the relation under the scope
  bool qualified_only = false;  // the right side of JOIN … USING: only `table.column` means it
};

class NameScope {
 public:
  // The columns of one table, from column `first` of the relation on.
  void add(const std::string& relation, const Schema& schema, size_t first);
  void add(ScopeColumn column) { columns_.push_back(std::move(column)); }
  // Another scope, all of whose indices move by `shift`.
  void append(const NameScope& other, size_t shift);
  // Columns of these names before column `end` cannot be named any more.
  void remove(const std::vector<std::string>& names, size_t end);
  void hide_unqualified(std::string_view relation, std::string_view column);

  // A name that the select list gives: nothing here can use it, and the advice says so.
  void note_alias(std::string name) { aliases_.push_back(std::move(name)); }

  const std::vector<ScopeColumn>& columns() const { return columns_; }
  bool has_relation(std::string_view relation) const;
  // The first table of `other` whose name is taken here; empty when none is.
  std::string shared_relation(const NameScope& other) const;

  // Null after the problem has been reported. An empty `relation` is none.
  const ScopeColumn* resolve(BindState& state, std::string_view relation, std::string_view column,
                             uint32_t position) const;
  // The column a bare name means, when exactly one does.
  const ScopeColumn* find(std::string_view column) const;

 private:
  void report_unknown(BindState& state, std::string_view relation, std::string_view column,
                      uint32_t position) const;
  std::vector<std::string> column_names(std::string_view relation) const;
  std::vector<std::string> relation_names() const;
  std::string advice_for_unknown(BindState& state, std::string_view relation,
                                 std::string_view column, uint32_t position) const;

  std::vector<ScopeColumn> columns_;
  std::vector<std::string> aliases_;
};

}  // namespace sluice
