#include "values/json/jsonb_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "values/text/bad_text.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The parts of a JSON number: -12.50e3.
struct NumberParts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  int64_t exponent = 0;
};

std::string_view take_digits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// False when the text is no number of the JSON grammar.
bool split_number(std::string_view text, NumberParts& number) {
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  number.whole = take_digits(text);
  if (number.whole.empty() || (number.whole.size() > 1 && number.whole[0] == '0')) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    number.fraction = take_digits(text);
    if (number.fraction.empty()) return false;
  }
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  const bool is_signed = text.starts_with('+') || text.starts_with('-');
  if (text.size() < (is_signed ? 2 : 1) || !is_digit(text[is_signed ? 1 : 0])) return false;
  if (text[0] == '+') text.remove_prefix(1);
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), number.exponent);
  if (problem == std::errc::result_out_of_range)
    number.exponent = text[0] == '-' ? INT32_MIN : INT32_MAX;
  return end == text.data() + text.size();
}

// Moves the point by the exponent and writes the number out. False past PostgreSQL's limits of
// numeric.
bool append_number(const NumberParts& number, std::string& out) {
  constexpr int64_t most_whole_digits = 131'072;
  constexpr int64_t most_fraction_digits = 16'383;
  std::string digits(number.whole);
  digits += number.fraction;
  const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
  const auto fraction_digits = static_cast<int64_t>(number.fraction.size());
  const int64_t scale = std::max<int64_t>(0, fraction_digits - number.exponent);
  const int64_t missing_zeros =
      is_zero ? 0 : std::max<int64_t>(0, number.exponent - fraction_digits);
  if (scale > most_fraction_digits || missing_zeros > most_whole_digits) return false;
  digits.append(static_cast<size_t>(missing_zeros), '0');
  const auto point = static_cast<size_t>(scale);
  if (digits.size() <= point) digits.insert(0, point + 1 - digits.size(), '0');
  const size_t whole_size = digits.size() - point;
  if (whole_size > static_cast<size_t>(most_whole_digits)) return false;
  const size_t first = std::min(digits.find_first_not_of('0'), whole_size - 1);
  if (number.negative && !is_zero) out += '-';
  out.append(digits, first, whole_size - first);
  if (point == 0) return true;
  out += '.';
  out.append(digits, whole_size);
  return true;
}

Unexpected fail_json(std::string_view reason) {
  return fail(ErrorCode::invalid_text,
              "invalid input syntax for type json: " + std::string(reason));
}

Unexpected fail_json(simdjson::error_code problem) {
  return fail_json(std::string_view(simdjson::error_message(problem)));
}

// One member of an object in the output, with its key unescaped.
struct Member {
  std::string_view key;
  size_t begin;
  size_t end;
};

bool is_before(const Member& left, const Member& right) {
  if (left.key.size() != right.key.size()) return left.key.size() < right.key.size();
  return left.key < right.key;
}

// Puts members that were written in the order of the document into jsonb's.
void order_members(std::vector<Member>& members, std::string& out) {
  const auto is_not_before = [](const Member& a, const Member& b) { return !is_before(a, b); };
  if (std::adjacent_find(members.begin(), members.end(), is_not_before) == members.end()) return;
  const size_t start = members.front().begin;
  std::stable_sort(members.begin(), members.end(), is_before);
  std::string ordered;
  for (size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i].key == members[i + 1].key) continue;
    if (!ordered.empty()) ordered += ", ";
    ordered.append(out, members[i].begin, members[i].end - members[i].begin);
  }
  out.resize(start);
  out += ordered;
}

class Writer {
 public:
  Writer(Allowance& allowance, std::string& out) : allowance_(allowance), out_(out) {}

  // The parser itself sets no bound to the depth; the stack does.
  Status write(ondemand::value& value) {
    constexpr size_t deepest = 1000;
    if (depth_ == deepest) return fail_json(simdjson::DEPTH_ERROR);
    ++depth_;
    Status written = write_kind(value);
    --depth_;
    return written;
  }

 private:
  Status write_kind(ondemand::value& value) {
    ondemand::json_type type{};
    if (const auto problem = value.type().get(type)) return fail_json(problem);
    switch (type) {
      case ondemand::json_type::object:
        return write_object(value);
      case ondemand::json_type::array:
        return write_array(value);
      case ondemand::json_type::string:
        return write_string(value);
      case ondemand::json_type::number:
        return write_number(value);
      case ondemand::json_type::boolean:
        return write_boolean(value);
      case ondemand::json_type::null:
        return write_null(value);
    }
    return fail_json(std::string_view("unknown kind of value"));
  }

  Status write_object(ondemand::value& value) {
    ondemand::object object;
    if (const auto problem = value.get_object().get(object)) return fail_json(problem);
    std::vector<Member> members;
    out_ += '{';
    for (auto item : object) {
      ondemand::field field;
      if (const auto problem = std::move(item).get(field)) return fail_json(problem);
      std::string_view key;
      if (const auto problem = field.unescaped_key().get(key)) return fail_json(problem);
      if (!members.empty()) out_ += ", ";
      const size_t begin = out_.size();
      SLUICE_TRY(append_checked(key));
      out_ += ": ";
      ondemand::value inner = field.value();
      SLUICE_TRY(write(inner));
      members.push_back({key, begin, out_.size()});
    }
    order_members(members, out_);
    out_ += '}';
    return {};
  }

  Status write_array(ondemand::value& value) {
    ondemand::array array;
    if (const auto problem = value.get_array().get(array)) return fail_json(problem);
    out_ += '[';
    bool is_first = true;
    for (auto item : array) {
      ondemand::value inner;
      if (const auto problem = std::move(item).get(inner)) return fail_json(problem);
      if (!is_first) out_ += ", ";
      is_first = false;
      SLUICE_TRY(write(inner));
    }
    out_ += ']';
    return {};
  }

  Status write_string(ondemand::value& value) {
    std::string_view text;
    if (const auto problem = value.get_string().get(text)) return fail_json(problem);
    return append_checked(text);
  }

  // simdjson lets escapes through that stand for no character: half a surrogate pair, and NUL,
  // which text cannot hold.
  Status append_checked(std::string_view text) {
    if (!is_valid_text(text))
      return fail_json(std::string_view("unsupported Unicode escape sequence"));
    append_json_string(text, out_);
    return {};
  }

  // The number stays unread: the iterator over its array or object skips it, whatever its size.
  Status write_number(ondemand::value& value) {
    const std::string_view token = trimmed(value.raw_json_token());
    NumberParts number;
    if (!split_number(token, number)) return fail_json("token " + quoted_excerpt(token));
    if (!append_number(number, out_)) return fail_range("numeric", token);
    allowance_.expect(out_.size());
    return {};
  }

  Status write_boolean(ondemand::value& value) {
    bool truth = false;
    if (const auto problem = value.get_bool().get(truth)) return fail_json(problem);
    out_ += truth ? "true" : "false";
    return {};
  }

  Status write_null(ondemand::value& value) {
    bool is_null = false;
    const auto problem = value.is_null().get(is_null);
    if (problem || !is_null) return fail_json(simdjson::N_ATOM_ERROR);
    out_ += "null";
    return {};
  }

  Allowance& allowance_;
  std::string& out_;
  size_t depth_ = 0;
};

// The document is the value in brackets, so that a bare scalar needs no handling of its own.
Status append_only_element(ondemand::document& document, Allowance& allowance, std::string& out) {
  ondemand::array array;
  if (const auto problem = document.get_array().get(array)) return fail_json(problem);
  size_t count = 0;
  for (auto item : array) {
    ondemand::value value;
    if (const auto problem = std::move(item).get(value)) return fail_json(problem);
    if (++count > 1) return fail_json(simdjson::TRAILING_CONTENT);
    SLUICE_TRY(Writer(allowance, out).write(value));
  }
  if (count == 0) return fail_json(simdjson::EMPTY);
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
    return fail_json(simdjson::TRAILING_CONTENT);
  }
  return {};
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void append_escaped(char c, std::string& out) {
  constexpr char digits[] = "0123456789abcdef";
  constexpr std::string_view characters = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  const size_t known = characters.find(c);
  out += '\\';
  if (known != std::string_view::npos) {
    out += letters[known];
    return;
  }
  out += "u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[static_cast<unsigned char>(c) & 15];
}

}  // namespace

struct JsonbCanonicalizer::Parser {
  ondemand::parser parser;
  std::string padded;
};

JsonbCanonicalizer::JsonbCanonicalizer() : parser_(std::make_unique<Parser>()) {}
JsonbCanonicalizer::~JsonbCanonicalizer() = default;

Status JsonbCanonicalizer::append(std::string_view text, Allowance& allowance, std::string& out) {
  std::string& padded = parser_->padded;
  padded = "[";
  padded += text;
  padded += ']';
  const size_t size = padded.size();
  padded.append(simdjson::SIMDJSON_PADDING, '\0');
  const simdjson::padded_string_view view(padded.data(), size, padded.size());
  ondemand::document document;
  if (const auto problem = parser_->parser.iterate(view).get(document)) return fail_json(problem);
  const size_t before = out.size();
  const Status written = append_only_element(document, allowance, out);
  if (!written) out.resize(before);
  return written;
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  size_t written = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out += text.substr(written, i - written);
    append_escaped(text[i], out);
    written = i + 1;
  }
  out += text.substr(written);
  out += '"';
}

Result<std::string> canonical_jsonb(std::string_view text, Allowance& allowance) {
  JsonbCanonicalizer canonicalizer;
  std::string canonical;
  SLUICE_TRY(canonicalizer.append(text, allowance, canonical));
  return canonical;
}

Result<std::string> canonical_jsonb(std::string_view text) {
  Allowance own;
  try {
    return canonical_jsonb(text, own);
  } catch (const AllowanceExceeded&) {
    return fail(ErrorCode::value_out_of_range, "the jsonb has more than " +
                                                   std::to_string(own.limit_bytes()) +
                                                   " bytes when its numbers are written out");
  }
}

}  // namespace sluice
