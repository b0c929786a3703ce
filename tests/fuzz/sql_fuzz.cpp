// Parser and binder over any SQL: a relation or problems, and problems inside of the text.
#include <algorithm>
#include <string>

#include "base/assert.hpp"
#include "fuzz/fuzz_target.hpp"
#include "sql/binder.hpp"
#include "unit/sql/trade_catalog.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sluice;
  static const TradeCatalog catalog;
  static const FunctionRegistry functions = [] {
    FunctionRegistry made;
    register_builtin_functions(made);
    return made;
  }();
  static const TimeZone zone;
  const std::string sql(reinterpret_cast<const char*>(data), size);
  const BindResult result = bind_query(sql, {&catalog, &functions, &zone});
  const bool has_error = std::any_of(result.problems.begin(), result.problems.end(),
                                     [](const SqlProblem& problem) { return !problem.is_warning; });
  SLUICE_ASSERT((result.relation != nullptr) != has_error, "a relation or an error");
  for (const SqlProblem& problem : result.problems)
    SLUICE_ASSERT(problem.offset <= sql.size(), "problems are inside of the text");
  static_cast<void>(referenced_relations(sql));
  return 0;
}
