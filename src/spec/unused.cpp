#include <set>

#include "spec/cross_checks.hpp"

namespace sluice {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Behind the comment that begins at `at`, or `at` when none begins there.
size_t skip_comment(std::string_view sql, size_t at) {
  const std::string_view rest = sql.substr(at);
  if (rest.starts_with("--")) return at + std::min(rest.find('\n'), rest.size());
  if (!rest.starts_with("/*")) return at;
  const size_t end = rest.find("*/", 2);
  return end == std::string_view::npos ? sql.size() : at + end + 2;
}

// Adds every word of the SQL, folded to lower case as SQL folds names; also those inside quotes,
// where lookups are named.
void collect_words(std::string_view sql, std::set<std::string>& words) {
  std::string word;
  for (size_t at = 0; at <= sql.size(); ++at) {
    if (at < sql.size() && is_word(sql[at])) {
      const char c = sql[at];
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    if (!word.empty()) words.insert(std::exchange(word, {}));
    if (at < sql.size() && skip_comment(sql, at) > at) at = skip_comment(sql, at) - 1;
  }
}

template <class T>
void warn(const std::vector<T>& all, const std::string& what, const std::set<std::string>& used,
          Diagnostics& diagnostics) {
  for (const T& entry : all) {
    if (used.contains(entry.name)) continue;
    diagnostics.warning(ErrorCode::unused_definition, entry.location,
                        what + " " + entry.name + " is never used");
  }
}

}  // namespace

void warn_of_unused(const PipelineSpec& spec, Diagnostics& diagnostics) {
  std::set<std::string> used;
  for (const SinkSpec& sink : spec.sinks) used.insert(sink.from);
  for (const StepSpec& step : spec.steps) {
    std::set<std::string> words;
    collect_words(step.sql.text(), words);
    words.erase(step.name);
    used.merge(words);
  }
  warn(spec.sources, "source", used, diagnostics);
  warn(spec.lookups, "lookup", used, diagnostics);
  warn(spec.steps, "step", used, diagnostics);
}

}  // namespace sluice
