#include <algorithm>

#include "base/assert.hpp"
#include "config/option_spec.hpp"
#include "config/option_value.hpp"

namespace sluice {

namespace {

const OptionSpec* find_spec(const std::vector<OptionSpec>& specs, std::string_view name) {
  const auto found = std::find_if(specs.begin(), specs.end(),
                                  [name](const OptionSpec& spec) { return spec.name == name; });
  return found == specs.end() ? nullptr : &*found;
}

void report_unknown_fields(const std::vector<OptionSpec>& specs, const Node& map,
                           std::string_view section, Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const OptionSpec& spec : specs) known.push_back(spec.name);
  for (const auto& [key, value] : map.entries()) {
    if (find_spec(specs, key.text()) != nullptr) continue;
    diagnostics.error(ErrorCode::unknown_field, key,
                      "\"" + key.text() + "\" is not a field of " + std::string(section),
                      did_you_mean(key.text(), known));
  }
}

bool holds_secret(const Node& node) {
  for (const auto& [key, value] : node.entries()) {
    if (holds_secret(value)) return true;
  }
  for (size_t i = 0; node.is_list() && i < node.size(); ++i) {
    if (holds_secret(node[i])) return true;
  }
  return node.secret() != nullptr;
}

// A value that took a secret in may only stand where it stays secret.
bool report_misplaced_secret(const OptionSpec& spec, const Node& node, Diagnostics& diagnostics) {
  const bool may_hold_secret = spec.kind == OptionKind::secret && node.is_scalar();
  if (may_hold_secret || !holds_secret(node)) return false;
  diagnostics.error(ErrorCode::interpolation_misplaced, node,
                    "\"" + spec.name + "\" is not a secret field and cannot hold ${secret:...}");
  return true;
}

}  // namespace

Options OptionTable::read(const Node& map, std::string_view section,
                          Diagnostics& diagnostics) const {
  Options options;
  options.path_ = map.path();
  for (const OptionSpec& spec : specs_) {
    options.entries_[spec.name] = default_entry(spec, map.location());
  }
  if (!map.is_map()) {
    diagnostics.error(
        ErrorCode::invalid_value, map,
        std::string(section) + (map.is_null() ? " has no value" : " must be a map of its fields"));
    return options;
  }
  report_unknown_fields(specs_, map, section, diagnostics);
  for (const OptionSpec& spec : specs_) {
    const Node node = map[spec.name];
    if (node) {
      read_field(spec, node, options.entries_[spec.name], diagnostics);
    } else if (spec.required) {
      diagnostics.error(ErrorCode::missing_field, map,
                        "\"" + spec.name + "\" is missing in " + std::string(section));
    }
  }
  return options;
}

Options::Entry OptionTable::default_entry(const OptionSpec& spec, const SourceLocation& location) {
  Options::Entry entry;
  entry.location = location;
  if (spec.default_text.empty()) return entry;
  auto value = parse_option(spec, spec.default_text);
  SLUICE_ASSERT(value.has_value(), "an option's default is not a value of its kind");
  entry.has_value = true;
  entry.text = std::move(value->text);
  entry.number = value->number;
  entry.list = std::move(value->list);
  if (spec.kind == OptionKind::secret) entry.secret = Secret(entry.text);
  return entry;
}

void OptionTable::read_field(const OptionSpec& spec, const Node& node, Options::Entry& entry,
                             Diagnostics& diagnostics) {
  entry.location = node.location();
  entry.given = true;
  entry.has_value = true;
  entry.node = node;
  if (report_misplaced_secret(spec, node, diagnostics) || spec.kind == OptionKind::node) return;
  if (spec.kind == OptionKind::secret && node.is_scalar()) {
    entry.secret = node.secret() != nullptr ? *node.secret() : Secret(node.text());
    return;
  }
  if (node.is_unresolved()) {
    entry.text = node.text();
    return;
  }
  auto value = parse_option(spec, node);
  if (!value) {
    diagnostics.error(value.error().code, node, "\"" + spec.name + "\" " + value.error().message,
                      value.error().advice);
    return;
  }
  entry.text = std::move(value->text);
  entry.number = value->number;
  entry.list = std::move(value->list);
}

const Options::Entry& Options::at(std::string_view name) const {
  const auto found = entries_.find(name);
  SLUICE_ASSERT(found != entries_.end(), "an option is asked for that its table does not declare");
  return found->second;
}

bool Options::has(std::string_view name) const { return at(name).has_value; }
bool Options::is_given(std::string_view name) const { return at(name).given; }
bool Options::is_known(std::string_view name) const {
  return at(name).given && !at(name).node.is_unresolved();
}
const std::string& Options::text(std::string_view name) const { return at(name).text; }
bool Options::boolean(std::string_view name) const { return at(name).number != 0; }
int64_t Options::integer(std::string_view name) const { return at(name).number; }
int64_t Options::duration_us(std::string_view name) const { return at(name).number; }
int64_t Options::bytes(std::string_view name) const { return at(name).number; }
const std::vector<std::string>& Options::list(std::string_view name) const { return at(name).list; }
const Secret& Options::secret(std::string_view name) const { return at(name).secret; }
Node Options::node(std::string_view name) const { return at(name).node; }

const SourceLocation& Options::location(std::string_view name) const { return at(name).location; }

}  // namespace sluice
