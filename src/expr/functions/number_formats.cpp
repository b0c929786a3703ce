// to_char of numbers and to_number.
#include "expr/kernel.hpp"
#include "values/number/number_input.hpp"
#include "values/number/number_output.hpp"

namespace sluice {

namespace {

// The format is the same in most rows: it is read again only when it changes.
class LastPattern {
 public:
  const Result<NumberPattern>& of(std::string_view format) {
    if (format != last_ || last_.empty()) pattern_ = NumberPattern::parse(format);
    last_ = format;
    return pattern_;
  }

 private:
  std::string_view last_;
  Result<NumberPattern> pattern_;
};

template <class T>
void run_to_char(CallContext& context) {
  const Input<T> values(context.argument(0));
  const Input<std::string_view> formats(context.argument(1));
  Scope scope(context);
  LastPattern patterns;
  for_each_row(context, [&](size_t row) {
    const Result<NumberPattern>& pattern = patterns.of(formats[row]);
    if (!pattern) return context.fail_row(row, pattern.error());
    std::string& buffer = scope.buffer();
    if (Status written = format_by(*pattern, values[row], buffer); !written) {
      return context.fail_row(row, std::move(written.error()));
    }
    store(context, scope, row, scope.copy(buffer));
  });
}

void run_to_number(CallContext& context) {
  const Input<std::string_view> values(context.argument(0));
  const Input<std::string_view> formats(context.argument(1));
  Scope scope(context);
  LastPattern patterns;
  for_each_row(context, [&](size_t row) {
    if (formats[row].empty()) return context.result().set_null(row);
    const Result<NumberPattern>& pattern = patterns.of(formats[row]);
    if (!pattern) return context.fail_row(row, pattern.error());
    store(context, scope, row, parse_by(*pattern, values[row]));
  });
}

}  // namespace

void register_number_formats(FunctionRegistry& registry) {
  const auto add = [&](Type type, Kernel run) {
    registry.add(function("to_char", {type, types::text}, types::text, {run, true, true, {}},
                          "written by a format: to_char(amount, 'FM999,990.00')"));
  };
  add(types::integer, run_to_char<int32_t>);
  add(types::bigint, run_to_char<int64_t>);
  add(types::double_precision, run_to_char<double>);
  add(types::numeric, run_to_char<Numeric>);
  registry.add(function("to_number", {types::text, types::text}, types::numeric,
                        {run_to_number, true, true, {}},
                        "number read by a format: to_number('1,234.50', '9,999.99')"));
}

}  // namespace sluice
