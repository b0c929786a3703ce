#include "config/option_value.hpp"

#include <algorithm>
#include <charconv>

#include "config/text_template.hpp"

namespace sluice {

namespace {

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

Unexpected invalid(const std::string& expected, const std::string& text) {
  return fail(ErrorCode::invalid_value, expected + ", not " + quoted(text));
}

Result<int64_t> parse_whole_number(const std::string& text) {
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) {
    return invalid("must be a whole number", text);
  }
  return number;
}

std::string format_number(const OptionSpec& spec, int64_t number) {
  if (spec.kind == OptionKind::duration) return format_duration(number);
  if (spec.kind == OptionKind::bytes) return format_bytes(number);
  return std::to_string(number);
}

Status check_range(const OptionSpec& spec, int64_t number, const std::string& text) {
  if (number < spec.minimum) {
    return invalid("must be at least " + format_number(spec, spec.minimum), text);
  }
  if (number > spec.maximum) {
    return invalid("must be at most " + format_number(spec, spec.maximum), text);
  }
  return {};
}

Result<int64_t> parse_number(const OptionSpec& spec, const std::string& text) {
  auto number = spec.kind == OptionKind::duration ? parse_duration_us(text)
                : spec.kind == OptionKind::bytes  ? parse_bytes(text)
                                                  : parse_whole_number(text);
  if (number) SLUICE_TRY(check_range(spec, *number, text));
  return number;
}

Status check_choice(const OptionSpec& spec, const std::string& text) {
  if (std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end()) return {};
  std::string expected = spec.choices.size() == 1 ? "must be " : "must be one of ";
  for (size_t i = 0; i < spec.choices.size(); ++i)
    expected += (i > 0 ? ", " : "") + spec.choices[i];
  return fail(ErrorCode::invalid_value, expected + ", not " + quoted(text),
              did_you_mean(text, spec.choices));
}

Status check_text(const OptionSpec& spec, const std::string& text) {
  switch (spec.kind) {
    case OptionKind::name:
      if (!is_name(text))
        return fail(ErrorCode::invalid_name, "must match [a-z][a-z0-9_]*, not " + quoted(text));
      return {};
    case OptionKind::choice:
      return check_choice(spec, text);
    case OptionKind::text_template:
      if (auto parsed = TextTemplate::parse(text); !parsed) {
        return fail(ErrorCode::template_invalid, "is malformed: " + parsed.error().message,
                    parsed.error().advice);
      }
      return {};
    default:
      if (spec.required && text.empty()) return fail(ErrorCode::invalid_value, "must not be empty");
      return {};
  }
}

Result<OptionValue> parse_list(const OptionSpec& spec, const Node& node) {
  OptionValue value;
  if (spec.required && node.size() == 0) {
    return fail(ErrorCode::invalid_value, "must name at least one");
  }
  for (size_t i = 0; i < node.size(); ++i) {
    if (!node[i].is_scalar() || node[i].text().empty()) {
      return fail(ErrorCode::invalid_value, "must be a list of texts");
    }
    value.list.push_back(node[i].text());
  }
  return value;
}

}  // namespace

Result<OptionValue> parse_option(const OptionSpec& spec, const std::string& text) {
  OptionValue value;
  value.text = text;
  switch (spec.kind) {
    case OptionKind::boolean:
      if (text != "true" && text != "false") return invalid("must be true or false", text);
      value.number = text == "true" ? 1 : 0;
      return value;
    case OptionKind::integer:
    case OptionKind::duration:
    case OptionKind::bytes: {
      SLUICE_ASSIGN(value.number, parse_number(spec, text));
      return value;
    }
    case OptionKind::text_list:
      if (text.empty()) return fail(ErrorCode::invalid_value, "must name at least one");
      value.list = {text};
      return value;
    default:
      SLUICE_TRY(check_text(spec, text));
      return value;
  }
}

Result<OptionValue> parse_option(const OptionSpec& spec, const Node& node) {
  if (node.is_list() && spec.kind == OptionKind::text_list) return parse_list(spec, node);
  if (node.is_scalar()) return parse_option(spec, node.text());
  if (node.is_null()) return fail(ErrorCode::invalid_value, "has no value");
  const std::string shape = node.is_list() ? "a list" : "a map";
  const bool takes_list = spec.kind == OptionKind::text_list;
  return fail(ErrorCode::invalid_value,
              (takes_list ? "must be a list, not " : "must be a single value, not ") + shape);
}

}  // namespace sluice
