#include "expr/aggregates/exact_squares.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "values/number/powers_of_ten.hpp"

namespace sluice {

namespace {

// Wide enough for the squares of 38 digits with 38 more behind the point, times two counts.
using Wide = SignedWide<12>;

Unexpected too_long() {
  return fail(ErrorCode::value_out_of_range, "a numeric result needs more than 38 digits");
}

Wide power_of_ten(int exponent) {
  return Wide(powers_of_ten[std::min(exponent, Numeric::max_digits)]);
}

// 10^exponent times it.
Wide scaled(Wide value, int exponent) {
  for (; exponent > 0; exponent -= Numeric::max_digits) value = value * power_of_ten(exponent);
  return value;
}

std::string decimal_digits(UInt256 value) {
  constexpr uint64_t unit = 1'000'000'000'000'000'000;
  constexpr size_t unit_digits = 18;
  std::string digits;
  while (value.high != 0 || value.low != 0) {
    uint64_t words[] = {static_cast<uint64_t>(value.low), static_cast<uint64_t>(value.low >> 64),
                        static_cast<uint64_t>(value.high), static_cast<uint64_t>(value.high >> 64)};
    UInt128 rest = 0;
    for (size_t i = std::size(words); i-- > 0;) {
      rest = (rest << 64) | words[i];
      words[i] = static_cast<uint64_t>(rest / unit);
      rest %= unit;
    }
    value = {(UInt128{words[3]} << 64) | words[2], (UInt128{words[1]} << 64) | words[0]};
    const std::string part = std::to_string(static_cast<uint64_t>(rest));
    digits.insert(0, std::string(unit_digits - part.size(), '0') + part);
  }
  digits.erase(0, digits.find_first_not_of('0'));
  return digits;
}

// Where a number that is not 0 starts in PostgreSQL's storage: the weight of its first digit to the
// base 10000, and that digit.
struct Leading {
  Leading(const UInt256& value, int scale) {
    const std::string digits = decimal_digits(value);
    const int exponent = static_cast<int>(digits.size()) - 1 - scale;  // of the first decimal digit
    weight = exponent >= 0 ? exponent / 4 : -((3 - exponent) / 4);
    const auto shown = static_cast<size_t>(exponent - 4 * weight + 1);
    std::string first = digits.substr(0, shown);
    first.resize(shown, '0');
    digit = std::stoi(first);
  }
  int weight;
  int digit;
};

// select_div_scale of PostgreSQL, of a dividend with a scale and a whole divisor.
int division_scale(const UInt256& dividend, int scale, UInt128 divisor) {
  constexpr int least_significant_digits = 16;
  const Leading a(dividend, scale);
  const Leading b({0, divisor}, 0);
  const int weight = a.weight - b.weight - (a.digit <= b.digit ? 1 : 0);
  return std::max({least_significant_digits - weight * 4, scale, 0});
}

bool is_less(const UInt256& left, const UInt256& right) {
  return left.high != right.high ? left.high < right.high : left.low < right.low;
}

UInt256 twice(const UInt256& value) {
  return {(value.high << 1) | (value.low >> 127), value.low << 1};
}

// Rounded half up; none when it has more than 38 digits. The divisor is below 2^254.
std::optional<UInt128> rounded_quotient(const UInt256& dividend, const UInt256& divisor) {
  const auto limit = static_cast<UInt128>(powers_of_ten[Numeric::max_digits]);
  UInt256 rest;
  UInt128 quotient = 0;
  for (int bit = 255; bit >= 0; --bit) {
    rest = twice(rest);
    rest.low |= ((bit >= 128 ? dividend.high : dividend.low) >> (bit % 128)) & 1;
    quotient <<= 1;
    if (!is_less(rest, divisor)) {
      rest.high -= divisor.high + (rest.low < divisor.low ? 1 : 0);
      rest.low -= divisor.low;
      quotient |= 1;
    }
    if (quotient > limit) return std::nullopt;
  }
  if (!is_less(twice(rest), divisor)) ++quotient;
  return quotient < limit ? std::optional(quotient) : std::nullopt;
}

// The root, rounded half up.
UInt128 whole_root(const UInt256& square) {
  UInt128 root = 0;
  for (int bit = 126; bit >= 0; --bit) {
    const UInt128 larger = root | (UInt128{1} << bit);
    if (!is_less(square, multiply(larger, larger))) root = larger;
  }
  return root + (square.low - multiply(root, root).low > root ? 1 : 0);
}

// A quotient as PostgreSQL's, but of no more than 38 digits: those behind them are rounded away.
Result<Numeric> quotient_of(const UInt256& dividend, int dividend_scale, UInt128 divisor) {
  const int digits = static_cast<int>(decimal_digits(dividend).size()) - dividend_scale -
                     static_cast<int>(decimal_digits({0, divisor}).size());
  int scale = std::min(division_scale(dividend, dividend_scale, divisor),
                       Numeric::max_digits - std::max(digits, 0));
  for (; scale >= 0; --scale) {
    const int shift = scale - dividend_scale;
    const Wide larger = scaled(Wide(dividend), std::max(shift, 0));
    const Wide divided_by = scaled(Wide(UInt256{0, divisor}), std::max(-shift, 0));
    if (!larger.fits_unsigned_256() || !divided_by.fits_unsigned_256()) continue;
    const auto quotient = rounded_quotient(larger.low_256(), divided_by.low_256());
    if (quotient) return Numeric(static_cast<Int128>(*quotient), static_cast<uint8_t>(scale));
  }
  return too_long();
}

// To the scale of the value.
Numeric root_of(const Numeric& value) {
  const auto unit = static_cast<UInt128>(powers_of_ten[value.scale()]);
  const UInt128 root = whole_root(multiply(static_cast<UInt128>(value.coefficient()), unit));
  return Numeric(static_cast<Int128>(root), value.scale());
}

}  // namespace

// All parts at one scale.
struct ExactSquares::Total {
  explicit Total(const ExactSquares& of) {
    of.parts_.for_each([&](const Part& part) { scale = std::max<int>(scale, part.scale); });
    of.parts_.for_each([&](const Part& part) {
      count += part.count;
      sum += scaled(Wide(part.sum), scale - part.scale);
      squares += scaled(Wide(part.squares), 2 * (scale - part.scale));
    });
  }
  int64_t count = 0;
  Wide sum;
  Wide squares;
  int scale = 0;
};

void ExactSquares::change(const Numeric& value, int direction) {
  if (!value.is_finite()) {
    specials_ += direction;
    return;
  }
  const Int128 coefficient = value.coefficient();
  const auto size = static_cast<UInt128>(coefficient < 0 ? -coefficient : coefficient);
  Part& changed = parts_.at(value.scale());
  changed.count += direction;
  changed.sum += Sum(direction * coefficient);
  const Squares square(multiply(size, size));
  if (direction > 0) {
    changed.squares += square;
  } else {
    changed.squares -= square;
  }
}

void ExactSquares::change(const ExactSquares& other, int direction) {
  specials_ += direction * other.specials_;
  other.parts_.for_each([&](const Part& from) {
    Part& changed = parts_.at(from.scale);
    changed.count += direction * from.count;
    if (direction > 0) {
      changed.sum += from.sum;
      changed.squares += from.squares;
    } else {
      changed.sum -= from.sum;
      changed.squares -= from.squares;
    }
  });
}

Status ExactSquares::append(Spread spread, ColumnBuilder& out) const {
  const Total total(*this);
  const int64_t values = total.count + specials_;
  if (values <= (spread.of_sample ? 1 : 0)) {
    out.append_null();
    return {};
  }
  if (specials_ > 0) {
    out.append<Numeric>(Numeric::special(Numeric::Kind::nan));
    return {};
  }
  const Wide count(total.count);
  Wide numerator = count * total.squares;
  numerator -= total.sum * total.sum;
  if (numerator.is_negative() || numerator == Wide()) {
    out.append<Numeric>(Numeric());
    return {};
  }
  const auto divisor = static_cast<UInt128>(total.count) *
                       static_cast<UInt128>(total.count - (spread.of_sample ? 1 : 0));
  if (!numerator.fits_unsigned_256()) return too_long();
  SLUICE_ASSIGN(const Numeric variance, quotient_of(numerator.low_256(), 2 * total.scale, divisor));
  out.append<Numeric>(spread.is_deviation ? root_of(variance) : variance);
  return {};
}

void ExactSquares::Part::save(std::string& out) const {
  append_value(sum, out);
  append_value(squares, out);
  append_value(count, out);
  append_value(scale, out);
}

bool ExactSquares::Part::load(StateBytesReader& bytes) {
  sum = bytes.take<Sum>();
  squares = bytes.take<Squares>();
  count = bytes.take<int64_t>();
  scale = bytes.take<uint8_t>();
  return scale <= Numeric::max_digits;
}

void ExactSquares::save(std::string& out) const {
  append_value(specials_, out);
  parts_.save(out);
}

void ExactSquares::load(StateBytesReader& bytes) {
  specials_ = bytes.take<int64_t>();
  parts_.load(bytes);
}

}  // namespace sluice
