#include "spec/spec_reader.hpp"

#include <algorithm>

namespace sluice {

Options SpecReader::read(const OptionTable& table, const Node& section, std::string_view name) {
  Options options = table.read(section, name, diagnostics_);
  forget_default(section.path());
  for (const OptionSpec& spec : table.specs()) {
    const std::string path = section.path() + "." + spec.name;
    for (const OptionSpec& field : spec.fields) {
      if (!options.node(spec.name)[field.name])
        note_default(path + "." + field.name, field.default_text, field.help);
    }
    if (options.is_given(spec.name) || spec.required) continue;
    note_default(path, spec.default_text.empty() ? "none" : spec.default_text, spec.help);
  }
  return options;
}

Node SpecReader::subsection(const Node& parent, std::string_view key) {
  if (Node given = parent[key]) return given;
  auto data = std::make_shared<Node::Data>();
  data->kind = Node::Kind::map;
  data->location = parent.location();
  data->key_location = parent.key_location();
  data->path = parent.path().empty() ? std::string(key) : parent.path() + "." + std::string(key);
  return Node(std::move(data));
}

void SpecReader::note_default(std::string path, std::string value, std::string why) {
  const auto noted = find_default(path);
  if (noted == defaults_.end()) {
    defaults_.push_back({std::move(path), std::move(value), std::move(why)});
  } else {
    *noted = {std::move(path), std::move(value), std::move(why)};
  }
}

void SpecReader::forget_default(std::string_view path) {
  if (const auto noted = find_default(path); noted != defaults_.end()) defaults_.erase(noted);
}

std::vector<DefaultInForce>::iterator SpecReader::find_default(std::string_view path) {
  return std::find_if(defaults_.begin(), defaults_.end(),
                      [path](const DefaultInForce& noted) { return noted.path == path; });
}

void SpecReader::set_dead_letters(bool has_dead_letters, std::optional<RowPolicy> default_policy) {
  has_dead_letters_ = has_dead_letters;
  default_policy_ = default_policy;
}

RowPolicy SpecReader::policy(const Options& options, std::string_view field,
                             const std::string& path) {
  const std::string field_path = path + "." + std::string(field);
  if (options.has(field)) {
    const RowPolicy given = row_policy(options.text(field));
    if (given == RowPolicy::dead_letter && !has_dead_letters_) {
      diagnostics_.add(
          {.code = ErrorCode::policy_missing,
           .location = options.location(field),
           .path = field_path,
           .message = "dead_letter needs errors.dead_letter, which is not configured"});
    }
    return given;
  }
  if (!default_policy_) {
    unstated_policies_.push_back(field_path);
    return RowPolicy::fail;
  }
  note_default(field_path, row_policy_names()[static_cast<size_t>(*default_policy_)],
               has_dead_letters_ ? "errors.dead_letter is configured" : "errors.on_error says so");
  return *default_policy_;
}

TextMap SpecReader::text(const Node& scalar, const std::string& field) {
  if (!scalar.is_scalar()) return {};
  const bool is_blank = scalar.text().find_first_not_of(" \t\r\n") == std::string::npos;
  if (is_blank && !scalar.text().empty()) {
    diagnostics_.error(ErrorCode::invalid_value, scalar, "\"" + field + "\" must not be empty");
  }
  const auto file = std::find_if(files_.begin(), files_.end(), [&scalar](const SourceText& text) {
    return text.name() == scalar.location().file;
  });
  return file == files_.end() ? TextMap() : TextMap(scalar, *file);
}

std::vector<std::string> row_policy_names() { return {"dead_letter", "drop", "fail"}; }

RowPolicy row_policy(const std::string& name) {
  if (name == "dead_letter") return RowPolicy::dead_letter;
  return name == "drop" ? RowPolicy::drop : RowPolicy::fail;
}

bool check_name(const Node& key, std::string_view what, Diagnostics& diagnostics) {
  const std::string subject = "the name of a " + std::string(what);
  if (!is_name(key.text())) {
    diagnostics.error(ErrorCode::invalid_name, key,
                      subject + " must match [a-z][a-z0-9_]*, not \"" + key.text() + "\"");
    return false;
  }
  if (key.text() == "dead_letter") {
    diagnostics.error(ErrorCode::invalid_name, key, subject + " must not be \"dead_letter\"");
    return false;
  }
  return true;
}

}  // namespace sluice
