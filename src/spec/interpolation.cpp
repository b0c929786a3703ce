#include "spec/interpolation.hpp"

#include <strings.h>

#include <algorithm>

#include "config/text_map.hpp"
#include "config/utf8.hpp"

namespace sluice {

namespace {

constexpr uint64_t max_secret_bytes = 64U << 10U;

bool is_variable_name(std::string_view name) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  const bool begins_with_digit = !name.empty() && name.front() >= '0' && name.front() <= '9';
  return !name.empty() && !begins_with_digit &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

TextMap map_of(const Node& scalar, const std::vector<SourceText>& files) {
  const auto file = std::find_if(files.begin(), files.end(), [&scalar](const SourceText& text) {
    return text.name() == scalar.location().file;
  });
  return file == files.end() ? TextMap() : TextMap(scalar, *file);
}

// Replaces what stands in one scalar.
class ScalarInterpolation {
 public:
  ScalarInterpolation(const Node& scalar, const LoadRequest& request, const TextMap& map,
                      Diagnostics& diagnostics)
      : scalar_(scalar), request_(request), map_(map), diagnostics_(diagnostics) {}
  ~ScalarInterpolation() { explicit_bzero(result_.data(), result_.size()); }

  Node run() {
    const std::string& text = scalar_.text();
    size_t at = 0;
    while (at < text.size()) {
      const size_t next = std::min(text.find('$', at), text.size());
      result_ += text.substr(at, next - at);
      at = next < text.size() ? replace_at(next) : next;
    }
    return make_node();
  }

 private:
  // Handles the dollar sign at `at`; returns where to go on.
  size_t replace_at(size_t at) {
    const std::string_view rest = std::string_view(scalar_.text()).substr(at);
    if (rest.starts_with("$${")) {
      result_ += "${";
      return at + 3;
    }
    if (!rest.starts_with("${")) {
      result_ += '$';
      return at + 1;
    }
    const size_t size = rest.find('}');
    if (size == std::string_view::npos) {
      report(at, 2, "${ is not closed by }", "write $${ for a literal ${");
      return at + rest.size();
    }
    replace(at, rest.substr(2, size - 2));
    return at + size + 1;
  }

  void replace(size_t at, std::string_view what) {
    if (what.starts_with("env:")) {
      replace_variable(at, what.substr(4), what.size() + 3);
    } else if (what.starts_with("secret:file:")) {
      replace_secret(at, std::string(what.substr(12)), what.size() + 3);
    } else {
      report(at, what.size() + 3, "${" + std::string(what) + "} is not known here",
             "use ${env:X}, ${env:X:-default}, ${env:X:?message} or ${secret:file:PATH}");
    }
  }

  void replace_variable(size_t at, std::string_view what, size_t size) {
    const size_t colon = std::min(what.find(':'), what.size());
    const std::string name(what.substr(0, colon));
    const std::string_view rest = what.substr(colon);
    if (!is_variable_name(name) ||
        (!rest.empty() && rest.substr(1, 1) != "-" && rest.substr(1, 1) != "?")) {
      report(at, size, "${env:" + std::string(what) + "} is malformed",
             "use ${env:X}, ${env:X:-default} or ${env:X:?message}");
      return;
    }
    const auto value = request_.variable ? request_.variable(name) : std::nullopt;
    if (value && find_invalid_utf8(*value) != std::string_view::npos) {
      report(at, size, "the value of the environment variable " + name + " is not UTF-8",
             "write it in UTF-8; only a ${secret:file:PATH} may hold any bytes");
      return;
    }
    // As in a shell, :- and :? also stand in for an empty value.
    if (value && (rest.empty() || !value->empty())) {
      result_ += *value;
    } else if (rest.starts_with(":-")) {
      result_ += rest.substr(2);
    } else {
      const std::string_view reason = rest.starts_with(":?") ? rest.substr(2) : "";
      report_unset(at, size, name, std::string(reason));
    }
  }

  void report_unset(size_t at, size_t size, const std::string& name, const std::string& reason) {
    is_unresolved_ = true;
    std::string message = "the environment variable " + name + " is not set";
    if (!reason.empty()) message += ": " + reason;
    const Severity severity = request_.resolve_values ? Severity::error : Severity::warning;
    diagnostics_.add({.code = ErrorCode::interpolation_failed,
                      .severity = severity,
                      .location = map_.at_byte(at, size),
                      .path = scalar_.path(),
                      .message = std::move(message)});
  }

  void replace_secret(size_t at, const std::string& path, size_t size) {
    is_secret_ = true;
    if (!request_.resolve_values) {
      is_unresolved_ = true;
      return;
    }
    auto content = request_.filesystem->read_all(path, max_secret_bytes);
    if (!content) {
      report(at, size, "the secret's file cannot be read: " + content.error().message, "");
      return;
    }
    while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
    if (content->empty()) {
      report(at, size, "the secret's file " + path + " is empty",
             "write the secret into it, or leave the field out");
      return;
    }
    result_ += *content;
    explicit_bzero(content->data(), content->size());
  }

  void report(size_t at, size_t size, std::string message, std::string suggestion) {
    is_unresolved_ = true;
    diagnostics_.add({.code = ErrorCode::interpolation_failed,
                      .location = map_.at_byte(at, size),
                      .path = scalar_.path(),
                      .message = std::move(message),
                      .suggestion = std::move(suggestion)});
  }

  Node make_node() const {
    auto data = std::make_shared<Node::Data>();
    data->kind = Node::Kind::scalar;
    data->text = is_secret_ || is_unresolved_ ? scalar_.text() : result_;
    data->style = Node::Style::double_quoted;
    data->is_unresolved = is_unresolved_;
    if (is_secret_) data->secret = std::make_shared<const Secret>(result_);
    data->location = scalar_.location();
    data->key_location = scalar_.key_location();
    data->content_location = scalar_.content_location();
    data->path = scalar_.path();
    return Node(std::move(data));
  }

  const Node& scalar_;
  const LoadRequest& request_;
  const TextMap& map_;
  Diagnostics& diagnostics_;
  std::string result_;
  bool is_secret_ = false;
  bool is_unresolved_ = false;
};

}  // namespace

Node interpolate(const Node& node, const LoadRequest& request, const std::vector<SourceText>& files,
                 Diagnostics& diagnostics) {
  if (node.is_scalar()) {
    if (node.text().find("${") == std::string::npos) return node;
    const TextMap map = map_of(node, files);
    return ScalarInterpolation(node, request, map, diagnostics).run();
  }
  if (!node.is_map() && !node.is_list()) return node;
  auto data = std::make_shared<Node::Data>();
  data->kind = node.kind();
  data->location = node.location();
  data->key_location = node.key_location();
  data->path = node.path();
  for (const auto& [key, value] : node.entries()) {
    data->entries.emplace_back(key, interpolate(value, request, files, diagnostics));
  }
  for (size_t i = 0; node.is_list() && i < node.size(); ++i) {
    data->items.push_back(interpolate(node[i], request, files, diagnostics));
  }
  return Node(std::move(data));
}

void report_interpolation(const Node& node, const std::vector<SourceText>& files,
                          Diagnostics& diagnostics) {
  for (const auto& [key, value] : node.entries()) report_interpolation(value, files, diagnostics);
  for (size_t i = 0; node.is_list() && i < node.size(); ++i) {
    report_interpolation(node[i], files, diagnostics);
  }
  if (!node.is_scalar()) return;
  const std::string& text = node.text();
  const size_t at = std::min(text.find("${env:"), text.find("${secret:"));
  if (at == std::string::npos) return;
  const size_t size = std::min(text.find('}', at), text.size() - 1) + 1 - at;
  diagnostics.add({.code = ErrorCode::interpolation_misplaced,
                   .location = map_of(node, files).at_byte(at, size),
                   .path = node.path(),
                   .message = text.substr(at, size) + " is replaced in connections only"});
}

}  // namespace sluice
