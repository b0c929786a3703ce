#include "unit/expr/case_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sluice::test {

namespace {

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Parts between separators that stand between blanks.
std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  size_t from = 0;
  for (size_t at = text.find(separator); at != std::string::npos; at = text.find(separator, from)) {
    parts.push_back(trimmed(text.substr(from, at - from)));
    from = at + separator.size();
  }
  parts.push_back(trimmed(text.substr(from)));
  return parts;
}

// 'it''s' as it is meant; \n, \t and \\ are a line feed, a tab and a backslash.
std::string unquoted(const std::string& quoted) {
  std::string text;
  for (size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\'') ++i;
    if (quoted[i] != '\\') {
      text += quoted[i];
      continue;
    }
    ++i;
    text += quoted[i] == 'n' ? '\n' : quoted[i] == 't' ? '\t' : quoted[i];
  }
  return text;
}

CaseArgument read_argument(const std::string& text) {
  if (text.front() == '\'') return {Type{}, unquoted(text), true};
  if (text == "NULL") return {Type{}, std::nullopt, true};
  // The longest prefix that names a type: "double precision 1.5".
  for (size_t at = text.rfind(' '); at != std::string::npos && at > 0;
       at = text.rfind(' ', at - 1)) {
    const auto type = parse_type(text.substr(0, at));
    if (!type) continue;
    const std::string value = trimmed(text.substr(at));
    if (value == "NULL") return {*type, std::nullopt, false};
    return {*type, value.front() == '\'' ? unquoted(value) : value, false};
  }
  throw std::runtime_error("no argument: " + text);
}

FunctionForm read_form(const std::string& word) {
  if (word == "infix") return FunctionForm::infix;
  if (word == "prefix") return FunctionForm::prefix;
  if (word == "cast") return FunctionForm::cast;
  if (word == "function") return FunctionForm::function;
  throw std::runtime_error("no form: " + word);
}

ExpressionCase read_case(const std::string& line) {
  const std::vector<std::string> sides = split(line, " => ");
  if (sides.size() != 2) throw std::runtime_error("no => in: " + line);
  const std::vector<std::string> parts = split(sides[0], " | ");
  const size_t blank = parts[0].find(' ');
  ExpressionCase read;
  read.source = line;
  read.form = read_form(parts[0].substr(0, blank));
  read.name = trimmed(parts[0].substr(blank));
  for (size_t i = 1; i < parts.size(); ++i) read.arguments.push_back(read_argument(parts[i]));
  read.expected = sides[1];
  return read;
}

}  // namespace

std::vector<ExpressionCase> read_cases() {
  std::vector<std::filesystem::path> paths;
  const std::string folder = SLUICE_SOURCE_DIR "/tests/unit/expr/cases";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<ExpressionCase> cases;
  for (const auto& path : paths) {
    std::ifstream file(path);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
      if (line.empty() || line.front() == '#') continue;
      cases.push_back(read_case(line));
      cases.back().file = path.filename();
      cases.back().line = number;
    }
  }
  return cases;
}

}  // namespace sluice::test
