// Function: one overload of a function, operator or cast, as PostgreSQL has them, with its
// vectorised kernel. Registered once into FunctionRegistry at start, then immutable; kernels are
// pure and run on any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/column.hpp"
#include "memory/allowance.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// Of one evaluation: session zone, statement time, and what it may make in memory.
struct EvaluationContext {
  const TimeZone* zone = nullptr;
  int64_t now_us = 0;
  MemoryPool* memory = nullptr;    // of the pipeline; none: of constants
  Allowance* allowance = nullptr;  // shared by several evaluations; none: each has its own
};

// A row whose evaluation failed; its value is NULL.
struct RowError {
  uint32_t row;
  Error error;
  uint32_t position;  // of the call that failed: a character of its SQL, from 0
};

// What a kernel sees: argument columns, the result to fill, and where to report failed rows. An
// argument has one value per row of the result, or, when it is the same for all rows, exactly one
// value: kernel.hpp reads both alike.
class CallContext {
 public:
  // The evaluation has an allowance.
  CallContext(const EvaluationContext& evaluation, const std::vector<ColumnPtr>& arguments,
              Column& result, uint32_t position, std::vector<RowError>& errors)
      : evaluation_(evaluation),
        arguments_(arguments),
        result_(result),
        position_(position),
        errors_(errors) {}

  size_t rows() const { return result_.size(); }
  size_t argument_count() const { return arguments_.size(); }
  const Column& argument(size_t index) const { return *arguments_[index]; }
  Column& result() { return result_; }
  const TimeZone& zone() const { return *evaluation_.zone; }
  int64_t now_us() const { return evaluation_.now_us; }
  Allowance& allowance() const { return *evaluation_.allowance; }
  // Rows with a NULL argument are set NULL by the evaluator before the kernel of a strict function
  // runs: skip them.
  bool is_skipped(size_t row) const { return result_.is_null(row); }
  void fail_row(size_t row, Error error) {
    result_.set_null(row);
    errors_.push_back({static_cast<uint32_t>(row), std::move(error), position_});
  }

 private:
  const EvaluationContext& evaluation_;
  const std::vector<ColumnPtr>& arguments_;
  Column& result_;
  uint32_t position_;
  std::vector<RowError>& errors_;
};

using Kernel = void (*)(CallContext&);

enum class FunctionForm : uint8_t { function, infix, prefix, cast };
enum class Volatility : uint8_t { immutable, stable };  // stable: depends on zone or now()
// Where a cast may happen: anywhere, on assignment to a column or by CAST, or by CAST alone.
enum class CastContext : uint8_t { implicit, assignment, explicit_only };

struct Function {
  // "lower", "+" or "cast". Tests are operators, too: prefix "not", "is null", "is not null", "is
  // true", "is not true", "is false", "is not false", "is unknown", "is not unknown"; infix "is
  // distinct from", "is not distinct from", "in", "not in"; LIKE and ILIKE by PostgreSQL's "~~"
  // "~~*" "!~~" "!~~*" (ESCAPE: the pattern through like_escape).
  std::string name;
  FunctionForm form = FunctionForm::function;
  std::vector<Type> arguments;
  bool variadic = false;      // the last argument repeats
  bool variadic_any = false;  // and takes every type as it is, as in concat
  bool uniform = false;       // all arguments are brought to their common type first: GREATEST, IN
  Type result;
  bool strict = true;  // NULL in, NULL out: the evaluator does it
  bool can_fail =
      true;  // false: no row ever fails, so it may be evaluated for rows whose value is not needed
  Volatility volatility = Volatility::immutable;
  Kernel kernel = nullptr;
  std::string help;  // one line, for `sluice list functions`
  bool uses_now = false;
  CastContext cast_context = CastContext::implicit;  // of casts
  // The first argument is cast to numeric within the kernel, which so rounds it before it counts
  // its digits: round(x::numeric, 2) of a double.
  bool casts_first = false;
};

}  // namespace sluice
