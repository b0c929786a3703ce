// Casts of every type to and from text, and of jsonb scalars to booleans and numbers.
#include "data/column_text.hpp"
#include "expr/kernel.hpp"
#include "values/json/jsonb_cast.hpp"
#include "values/json/jsonb_view.hpp"
#include "values/number/number_conversion.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

using enum CastContext;

void run_to_text(CallContext& context) {
  const Column& argument = context.argument(0);
  auto* result = context.result().mutable_values<std::string_view>();
  Scope scope(context);
  for_each_row(context, [&](size_t row) {
    std::string& buffer = scope.buffer();
    format_value(argument, row, context.zone(), buffer);
    result[row] = scope.copy(buffer);
  });
}

bool shows_zone(Type type) { return type.kind == TypeKind::timestamptz; }

void add_casts_to_text(FunctionRegistry& registry) {
  for (const Type type : types::all) {
    if (type == types::text || type == types::jsonb) continue;
    Function cast = cast_function(type, types::text, assignment, {run_to_text, false, true, {}});
    registry.add(shows_zone(type) ? stable(std::move(cast)) : std::move(cast));
  }
  registry.add(cast_function(types::jsonb, types::text, assignment,
                             per_row([](std::string_view document) { return document; })));
}

Result<Numeric> numeric_of_text(Scope& scope, std::string_view text) {
  const Type target = scope.result_type();
  return Numeric::parse(text, target.precision, target.scale);
}

template <auto parse>
void add_cast_from_text(FunctionRegistry& registry, Type type) {
  registry.add(cast_function(types::text, type, explicit_only, per_row<parse>()));
}

void add_casts_from_text(FunctionRegistry& registry) {
  add_cast_from_text<parse_boolean>(registry, types::boolean);
  add_cast_from_text<parse_integer>(registry, types::integer);
  add_cast_from_text<parse_bigint>(registry, types::bigint);
  add_cast_from_text<parse_double>(registry, types::double_precision);
  add_cast_from_text<numeric_of_text>(registry, types::numeric);
  add_cast_from_text<parse_date>(registry, types::date);
  add_cast_from_text<parse_timestamp>(registry, types::timestamp);
  add_cast_from_text<parse_interval>(registry, types::interval);
  registry.add(cast_function(types::text, types::jsonb, explicit_only,
                             per_row([](Scope& scope, std::string_view text) {
                               return canonical_jsonb(text, scope.allowance());
                             })));
  registry.add(stable(cast_function(types::text, types::timestamptz, explicit_only,
                                    per_row([](Scope& scope, std::string_view text) {
                                      return parse_timestamptz(text, scope.zone());
                                    }))));
}

Result<std::optional<bool>> boolean_of_jsonb(std::string_view value) {
  const JsonbKind kind = jsonb_kind(value);
  if (kind == JsonbKind::null) return std::optional<bool>();
  if (kind != JsonbKind::boolean) return fail_jsonb_cast(value, types::boolean);
  return std::optional(value == "true");
}
auto numeric_of_jsonb(Scope& scope, std::string_view value) {
  const Type target = scope.result_type();
  return use_number(value, target, [&](std::string_view digits) {
    return Numeric::parse(digits, target.precision, target.scale);
  });
}
auto integer_of_jsonb(std::string_view value) {
  return use_number(value, types::integer, [](std::string_view digits) -> Result<int32_t> {
    SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(digits));
    return integer_of(number);
  });
}
auto bigint_of_jsonb(std::string_view value) {
  return use_number(value, types::bigint, [](std::string_view digits) -> Result<int64_t> {
    SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(digits));
    return bigint_of(number);
  });
}
auto double_of_jsonb(std::string_view value) {
  return use_number(value, types::double_precision, parse_double);
}

template <auto convert>
void add_cast_from_jsonb(FunctionRegistry& registry, Type type) {
  registry.add(cast_function(types::jsonb, type, explicit_only, per_row<convert>()));
}

}  // namespace

void register_text_casts(FunctionRegistry& registry) {
  add_casts_to_text(registry);
  add_casts_from_text(registry);
  add_cast_from_jsonb<boolean_of_jsonb>(registry, types::boolean);
  add_cast_from_jsonb<numeric_of_jsonb>(registry, types::numeric);
  add_cast_from_jsonb<integer_of_jsonb>(registry, types::integer);
  add_cast_from_jsonb<bigint_of_jsonb>(registry, types::bigint);
  add_cast_from_jsonb<double_of_jsonb>(registry, types::double_precision);
}

}  // namespace sluice
