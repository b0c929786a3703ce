#include <string>

#include "values/json/jsonb_view.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

using Order = std::strong_ordering;

// Digits of a number of any length: no sign, no leading zero but one before the point.
struct Digits {
  std::string_view whole;
  std::string_view fraction;  // without trailing zeros
};

Digits split_digits(std::string_view number) {
  const size_t point = number.find('.');
  if (point == std::string_view::npos) return {number, {}};
  std::string_view fraction = number.substr(point + 1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  return {number.substr(0, point), fraction};
}

Order compare_magnitudes(std::string_view left, std::string_view right) {
  const Digits a = split_digits(left);
  const Digits b = split_digits(right);
  if (a.whole.size() != b.whole.size()) return a.whole.size() <=> b.whole.size();
  if (const Order order = a.whole.compare(b.whole) <=> 0; order != 0) return order;
  return a.fraction.compare(b.fraction) <=> 0;
}

Order compare_numbers(std::string_view left, std::string_view right) {
  const bool left_negative = left.front() == '-';
  const bool right_negative = right.front() == '-';
  if (left_negative != right_negative) return left_negative ? Order::less : Order::greater;
  if (!left_negative) return compare_magnitudes(left, right);
  return compare_magnitudes(right.substr(1), left.substr(1));
}

Order compare_strings(std::string_view left, std::string_view right) {
  std::string left_buffer;
  std::string right_buffer;
  return jsonb_string(left, left_buffer).compare(jsonb_string(right, right_buffer)) <=> 0;
}

Order compare_values(std::string_view left, std::string_view right);

// Fewer items come first, then the first item that differs decides.
Order compare_containers(std::string_view left, std::string_view right) {
  const Order counts = jsonb_count(left) <=> jsonb_count(right);
  if (counts != 0) return counts;
  const bool has_keys = left.front() == '{';
  JsonbItems left_items(left);
  JsonbItems right_items(right);
  while (left_items.next() && right_items.next()) {
    if (has_keys) {
      const Order keys = compare_strings(left_items.key(), right_items.key());
      if (keys != 0) return keys;
    }
    const Order values = compare_values(left_items.value(), right_items.value());
    if (values != 0) return values;
  }
  return Order::equal;
}

Order compare_values(std::string_view left, std::string_view right) {
  const JsonbKind kind = jsonb_kind(left);
  if (kind != jsonb_kind(right)) return kind <=> jsonb_kind(right);
  switch (kind) {
    case JsonbKind::null:
      return Order::equal;
    case JsonbKind::boolean:
      return (left.front() == 't') <=> (right.front() == 't');
    case JsonbKind::number:
      return compare_numbers(left, right);
    case JsonbKind::string:
      return compare_strings(left, right);
    default:
      return compare_containers(left, right);
  }
}

}  // namespace

// PostgreSQL keeps a scalar document as an array of one: a document that is an array of none sorts
// before it, any other array after it.
std::strong_ordering JsonbOrdering::compare(std::string_view left, std::string_view right) {
  const bool left_scalar = jsonb_kind(left) < JsonbKind::array;
  const bool right_scalar = jsonb_kind(right) < JsonbKind::array;
  if (left_scalar && right == "[]") return Order::greater;
  if (right_scalar && left == "[]") return Order::less;
  return compare_values(left, right);
}

}  // namespace sluice
