// format and quote_ident.
#include <charconv>

#include "expr/kernel.hpp"
#include "expr/output_text.hpp"
#include "values/text/characters.hpp"
#include "values/text/identifier.hpp"

namespace sluice {

namespace {

using namespace types;

Unexpected bad_format(const std::string& message) {
  return fail(ErrorCode::invalid_argument, "format(): " + message);
}

// One %… of the format; positions count from 1, 0 is the argument after the last one used.
struct Specifier {
  size_t argument = 0;
  int64_t width = 0;  // negative: aligned to the left
  bool has_width_argument = false;
  size_t width_argument = 0;
  bool is_left = false;
  char conversion = 's';
};

class SpecifierParser {
 public:
  // `rest`: behind the %; what was read is taken off it.
  explicit SpecifierParser(std::string_view& rest) : rest_(rest) {}

  Result<Specifier> parse() {
    Specifier read;
    SLUICE_ASSIGN(const std::optional<int32_t> first, take_number());
    if (first && !take('$')) {
      read.width = *first;
    } else {
      if (first) {
        SLUICE_ASSIGN(read.argument, position_of(*first));
      }
      SLUICE_TRY(parse_width(read));
    }
    if (rest_.empty()) return bad_format("unterminated % at the end");
    read.conversion = rest_.front();
    if (std::string_view("sIL").find(read.conversion) == std::string_view::npos) {
      return bad_format("unknown conversion %" + std::string(first_character(rest_)));
    }
    rest_.remove_prefix(1);
    return read;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<std::optional<int32_t>> take_number() {
    int32_t number = 0;
    const auto [stop, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    const bool is_number = stop != rest_.data() && rest_.front() != '-';
    if (!is_number) return std::optional<int32_t>();
    if (problem != std::errc{}) return fail(ErrorCode::value_out_of_range, "number out of range");
    rest_.remove_prefix(static_cast<size_t>(stop - rest_.data()));
    return std::optional(number);
  }

  static Result<size_t> position_of(int32_t number) {
    if (number == 0) return bad_format("arguments are numbered from 1");
    return static_cast<size_t>(number);
  }

  Status parse_width(Specifier& read) {
    while (take('-')) read.is_left = true;
    read.has_width_argument = take('*');
    SLUICE_ASSIGN(const std::optional<int32_t> number, take_number());
    if (!read.has_width_argument) {
      read.width = number.value_or(0);
      return {};
    }
    if (!number) return {};
    if (!take('$')) return bad_format("the position of a width must end with $");
    SLUICE_ASSIGN(read.width_argument, position_of(*number));
    return {};
  }

  std::string_view& rest_;
};

// Builds the text of one row.
class RowFormatter {
 public:
  RowFormatter(const CallContext& context, size_t row, std::string& out)
      : context_(context), row_(row), out_(out) {}

  Status write(std::string_view format) {
    while (!format.empty()) {
      const size_t percent = std::min(format.find('%'), format.size());
      out_ += format.substr(0, percent);
      format.remove_prefix(percent);
      if (format.empty()) return {};
      format.remove_prefix(1);
      if (format.empty()) return bad_format("unterminated % at the end");
      if (format.front() == '%') {
        out_ += '%';
        format.remove_prefix(1);
        continue;
      }
      SLUICE_ASSIGN(const Specifier specifier, SpecifierParser(format).parse());
      SLUICE_TRY(write_specifier(specifier));
    }
    return {};
  }

 private:
  Result<const Column*> next_argument(size_t position) {
    used_ = position > 0 ? position : used_ + 1;
    if (used_ >= context_.argument_count()) return bad_format("too few arguments");
    return &context_.argument(used_);
  }
  size_t row_of(const Column& column) const { return column.size() == 1 ? 0 : row_; }

  Result<int64_t> width_of(const Column& column) const {
    const size_t row = row_of(column);
    if (column.is_null(row)) return 0;
    if (column.type().kind == TypeKind::integer) return column.values<int32_t>()[row];
    std::string text;
    append_output(column, row, context_.zone(), text);
    int32_t width = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, width);
    if (problem == std::errc::result_out_of_range) {
      return fail(ErrorCode::value_out_of_range, "width " + text + " is out of range");
    }
    if (problem != std::errc{} || stop != end) {
      return fail(ErrorCode::invalid_text, "\"" + text + "\" is no width");
    }
    return width;
  }

  Status write_specifier(const Specifier& specifier) {
    int64_t width = specifier.width;
    if (specifier.has_width_argument) {
      SLUICE_ASSIGN(const Column* column, next_argument(specifier.width_argument));
      SLUICE_ASSIGN(width, width_of(*column));
    }
    SLUICE_ASSIGN(const Column* column, next_argument(specifier.argument));
    std::string text;
    SLUICE_TRY(convert(*column, specifier.conversion, text));
    const int64_t size = width < 0 ? -width : width;
    const auto characters = static_cast<int64_t>(count_characters(text));
    const auto blanks = static_cast<size_t>(std::max<int64_t>(size - characters, 0));
    context_.allowance().expect(out_.size() + text.size() + blanks);
    const bool is_left = specifier.is_left || width < 0;
    if (!is_left) out_.append(blanks, ' ');
    out_ += text;
    if (is_left) out_.append(blanks, ' ');
    return {};
  }

  Status convert(const Column& column, char conversion, std::string& text) const {
    const size_t row = row_of(column);
    if (column.is_null(row)) {
      if (conversion == 'I') return bad_format("NULL is no identifier");
      if (conversion == 'L') text = "NULL";
      return {};
    }
    std::string value;
    append_output(column, row, context_.zone(), value);
    switch (conversion) {
      case 'I':
        append_identifier(value, text);
        return {};
      case 'L':
        append_quoted_literal(value, text);
        return {};
      default:
        text = std::move(value);
        return {};
    }
  }

  const CallContext& context_;
  size_t row_;
  std::string& out_;
  size_t used_ = 0;
};

void run_format(CallContext& context) {
  const Input<std::optional<std::string_view>> formats(context.argument(0));
  Scope scope(context);
  for (size_t row = 0; row < context.rows(); ++row) {
    if (!formats[row]) {
      context.result().set_null(row);
      continue;
    }
    std::string& buffer = scope.buffer();
    if (Status written = RowFormatter(context, row, buffer).write(*formats[row]); !written) {
      context.fail_row(row, std::move(written.error()));
      continue;
    }
    store(context, scope, row, scope.copy(buffer));
  }
}

}  // namespace

void register_text_format(FunctionRegistry& registry) {
  const char* const help = "values put into a text: format('%s of %s', part, whole)";
  registry.add(function("format", {text}, text, {run_format, true, false, {}}, help));
  Function made = function("format", {text, text}, text, {run_format, true, false, {}}, help);
  made.variadic = true;
  made.variadic_any = true;
  registry.add(stable(std::move(made)));
  registry.add(function("quote_ident", {text}, text,
                        per_row([](Scope& scope, std::string_view name) {
                          std::string& buffer = scope.buffer();
                          append_identifier(name, buffer);
                          return scope.copy(buffer);
                        }),
                        "as a name in SQL"));
}

}  // namespace sluice
