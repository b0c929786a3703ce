// Character codes, hexadecimal numbers, quoting for SQL.
#include <charconv>

#include "data/column_text.hpp"
#include "expr/kernel.hpp"
#include "expr/output_text.hpp"
#include "values/text/characters.hpp"

namespace sluice {

namespace {

using namespace types;

// The code point of the first character; 0 of an empty text.
int32_t code_of(std::string_view value) {
  if (value.empty()) return 0;
  const auto byte = [&](size_t i) { return static_cast<int32_t>(static_cast<uint8_t>(value[i])); };
  const size_t size = character_length(value.front());
  if (size == 1) return byte(0);
  int32_t code = byte(0) & (0x7F >> size);
  for (size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3F);
  return code;
}

Result<std::string_view> character_of(Scope& scope, int32_t code) {
  if (code == 0) return fail(ErrorCode::value_out_of_range, "null character not permitted");
  if (code < 0) return fail(ErrorCode::invalid_argument, "character number must be positive");
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code > 0x10FFFF || is_surrogate) {
    return fail(ErrorCode::value_out_of_range, "no character has this number");
  }
  const size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  char* const target = scope.arena().allocate(size);
  if (size == 1) {
    *target = static_cast<char>(code);
    return std::string_view(target, size);
  }
  for (size_t i = size - 1; i > 0; --i, code >>= 6) {
    target[i] = static_cast<char>(0x80 | (code & 0x3F));
  }
  target[0] = static_cast<char>((0xF0 << (4 - size)) | code);
  return std::string_view(target, size);
}

template <class Unsigned, class Signed>
std::string_view hexadecimal(Scope& scope, Signed value) {
  char* const target = scope.arena().allocate(sizeof value * 2);
  const auto digits =
      std::to_chars(target, target + sizeof value * 2, static_cast<Unsigned>(value), 16);
  return {target, static_cast<size_t>(digits.ptr - target)};
}

// The text of a value of any type, in quotes.
template <bool shows_null>
void run_quote(CallContext& context) {
  const Column& column = context.argument(0);
  Scope scope(context);
  for (size_t row = 0; row < context.rows(); ++row) {
    if (context.is_skipped(row)) continue;
    const size_t at = column.size() == 1 ? 0 : row;
    std::string& buffer = scope.buffer();
    if (shows_null && column.is_null(at)) {
      buffer = "NULL";
    } else {
      std::string value;
      format_value(column, at, context.zone(), value);
      append_quoted_literal(value, buffer);
    }
    store(context, scope, row, scope.copy(buffer));
  }
}

void add_quoting(FunctionRegistry& registry) {
  for (const Type type : all) {
    registry.add(stable(function("quote_literal", {type}, text, {run_quote<false>, false, true, {}},
                                 "as a constant of SQL")));
    registry.add(
        stable(function("quote_nullable", {type}, text, {run_quote<true>, false, false, {}},
                        "as a constant of SQL, NULL as the word")));
  }
}

}  // namespace

void register_text_codes(FunctionRegistry& registry) {
  registry.add(
      function("ascii", {text}, integer, per_row<code_of>(), "number of the first character"));
  registry.add(
      function("chr", {integer}, text, per_row<character_of>(), "character with this number"));
  registry.add(function("to_hex", {integer}, text, per_row<hexadecimal<uint32_t, int32_t>>(),
                        "in hexadecimal digits"));
  registry.add(function("to_hex", {bigint}, text, per_row<hexadecimal<uint64_t, int64_t>>(),
                        "in hexadecimal digits"));
  add_quoting(registry);
}

}  // namespace sluice
