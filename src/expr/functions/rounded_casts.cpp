// Rounding over a cast to numeric: round(x::numeric, 2), x::numeric(12,2)::int and the like of
// doubles, texts and jsonb, whose digits beyond a numeric's are rounded away before they count.
#include "expr/kernel.hpp"
#include "values/json/jsonb_cast.hpp"
#include "values/number/decimal_text.hpp"
#include "values/number/number_conversion.hpp"

namespace sluice {

namespace {

using Rounding = DecimalText::Rounding;

// Where the digits of a value come from: its type, and a use of them.
struct OfDouble {
  using Value = double;
  static constexpr Type type = types::double_precision;
  template <class Use>
  static auto with_digits(double value, Use use) {
    std::array<char, 32> room;
    return use(decimal_digits(value, room));
  }
};
struct OfText {
  using Value = std::string_view;
  static constexpr Type type = types::text;
  template <class Use>
  static auto with_digits(std::string_view value, Use use) {
    return use(value);
  }
};
struct OfJsonb {
  using Value = std::string_view;
  static constexpr Type type = types::jsonb;
  template <class Use>
  static auto with_digits(std::string_view value, Use use) {
    return use_number(value, types::numeric, use);
  }
};

Result<Numeric> round_number(const DecimalText& number, int32_t scale, Rounding rounding) {
  const auto rounded = number.rounded(scale, rounding);
  if (rounded) return *rounded;
  return fail(ErrorCode::value_out_of_range, "numeric result has more than 38 digits");
}

template <class Source, Rounding rounding>
auto round_to_whole(typename Source::Value value) {
  return Source::with_digits(value, [](std::string_view digits) -> Result<Numeric> {
    SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(digits));
    return round_number(number, 0, rounding);
  });
}

// The cast comes first: what is no number fails also where there is no scale.
template <class Source, Rounding rounding>
Result<std::optional<Numeric>> round_to_places(std::optional<typename Source::Value> value,
                                               std::optional<int32_t> scale) {
  if (!value) return std::nullopt;
  const auto round = [&](std::string_view digits) -> Result<Numeric> {
    SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(digits));
    return scale ? round_number(number, *scale, rounding) : Numeric();
  };
  SLUICE_ASSIGN(const std::optional<Numeric> rounded, Source::with_digits(*value, round));
  return scale ? rounded : std::nullopt;
}

template <class Source, class Integer>
auto whole_number(typename Source::Value value) {
  return Source::with_digits(value, [](std::string_view digits) -> Result<Integer> {
    SLUICE_ASSIGN(const DecimalText number, DecimalText::parse(digits));
    if constexpr (sizeof(Integer) == sizeof(int32_t)) return integer_of(number);
    if constexpr (sizeof(Integer) == sizeof(int64_t)) return bigint_of(number);
  });
}

template <class Source>
void add_of(FunctionRegistry& registry) {
  const auto add = [&](Function function) {
    function.casts_first = true;
    registry.add_over_cast(std::move(function));
  };
  const auto add_whole = [&](const char* name, KernelSpec kernel) {
    add(function(name, {Source::type}, types::numeric, std::move(kernel), ""));
  };
  const auto add_places = [&](const char* name, KernelSpec kernel) {
    add(function(name, {Source::type, types::integer}, types::numeric, std::move(kernel), ""));
  };
  add_whole("round", per_row<round_to_whole<Source, Rounding::half_away_from_zero>>());
  add_whole("trunc", per_row<round_to_whole<Source, Rounding::towards_zero>>());
  add_whole("floor", per_row<round_to_whole<Source, Rounding::down>>());
  add_whole("ceil", per_row<round_to_whole<Source, Rounding::up>>());
  add_whole("ceiling", per_row<round_to_whole<Source, Rounding::up>>());
  add_places("round", per_row<round_to_places<Source, Rounding::half_away_from_zero>>());
  add_places("trunc", per_row<round_to_places<Source, Rounding::towards_zero>>());
  using enum CastContext;
  add(cast_function(Source::type, types::integer, assignment,
                    per_row<whole_number<Source, int32_t>>()));
  add(cast_function(Source::type, types::bigint, assignment,
                    per_row<whole_number<Source, int64_t>>()));
  add(cast_function(Source::type, types::numeric, implicit,
                    per_row([](Scope& scope, typename Source::Value value) {
                      const Type target = scope.result_type();
                      return Source::with_digits(value, [&](std::string_view digits) {
                        return Numeric::parse(digits, target.precision, target.scale);
                      });
                    })));
}

}  // namespace

void register_rounded_casts(FunctionRegistry& registry) {
  add_of<OfDouble>(registry);
  add_of<OfText>(registry);
  add_of<OfJsonb>(registry);
}

}  // namespace sluice
