#include "config/diagnostic.hpp"

#include <algorithm>
#include <tuple>

#include "config/node.hpp"

namespace sluice {

void Diagnostics::add(Diagnostic diagnostic) { diagnostics_.push_back(std::move(diagnostic)); }

void Diagnostics::error(ErrorCode code, const SourceLocation& location, std::string message,
                        std::string suggestion) {
  add({.code = code,
       .location = location,
       .message = std::move(message),
       .suggestion = std::move(suggestion)});
}

void Diagnostics::warning(ErrorCode code, const SourceLocation& location, std::string message,
                          std::string suggestion) {
  add({.code = code,
       .severity = Severity::warning,
       .location = location,
       .message = std::move(message),
       .suggestion = std::move(suggestion)});
}

void Diagnostics::error(ErrorCode code, const Node& node, std::string message,
                        std::string suggestion) {
  add({.code = code,
       .location = node.location(),
       .path = node.path(),
       .message = std::move(message),
       .suggestion = std::move(suggestion)});
}

void Diagnostics::warning(ErrorCode code, const Node& node, std::string message,
                          std::string suggestion) {
  add({.code = code,
       .severity = Severity::warning,
       .location = node.location(),
       .path = node.path(),
       .message = std::move(message),
       .suggestion = std::move(suggestion)});
}

bool Diagnostics::contains(const Diagnostic& problem) const {
  const auto identity = [](const Diagnostic& diagnostic) {
    const SourceLocation& place = diagnostic.location;
    return std::tie(diagnostic.code, diagnostic.message, place.file, place.line, place.column);
  };
  return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                     [&](const Diagnostic& known) { return identity(known) == identity(problem); });
}

size_t Diagnostics::error_count() const { return diagnostics_.size() - warning_count(); }

size_t Diagnostics::warning_count() const {
  return static_cast<size_t>(std::count_if(
      diagnostics_.begin(), diagnostics_.end(),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::warning; }));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = diagnostics_;
  std::stable_sort(result.begin(), result.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.location.file, a.location.line, a.location.column) <
           std::tie(b.location.file, b.location.line, b.location.column);
  });
  return result;
}

}  // namespace sluice
