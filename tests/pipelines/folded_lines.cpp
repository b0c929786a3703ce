#include "pipelines/folded_lines.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace sluice::test {

namespace {

using Json = nlohmann::json;

std::vector<Json> parse_lines(const std::string& text) {
  std::vector<Json> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) rows.push_back(Json::parse(line));
  }
  return rows;
}

Json key_of(const Json& row, const std::vector<std::string>& key) {
  if (key.empty()) return row;
  Json values = Json::array();
  for (const std::string& column : key) values.push_back(row.at(column));
  return values;
}

// Fields that the expected row leaves out are not compared.
bool matches(const Json& expected, const Json& actual) {
  return std::all_of(expected.items().begin(), expected.items().end(), [&](const auto& field) {
    return actual.contains(field.key()) && actual.at(field.key()) == field.value();
  });
}

}  // namespace

std::vector<std::string> fold_lines(const std::string& text, const std::vector<std::string>& key) {
  std::vector<Json> rows;
  for (Json row : parse_lines(text)) {
    const std::string operation = row.value("op", "");
    row.erase("op");
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const Json& other) {
      return key_of(other, key) == key_of(row, key);
    });
    const bool replaces = !operation.empty() && (!key.empty() || operation.starts_with('-'));
    if (replaces && same != rows.end()) rows.erase(same);
    if (!operation.starts_with('-')) rows.push_back(std::move(row));
  }
  std::vector<std::string> texts;
  for (const Json& row : rows) texts.push_back(row.dump());
  return texts;
}

std::string compare_lines(const std::string& expected, const std::vector<std::string>& actual) {
  std::vector<Json> left;
  for (const std::string& row : actual) left.push_back(Json::parse(row));
  std::string problems;
  for (const Json& row : parse_lines(expected)) {
    const auto found = std::find_if(left.begin(), left.end(),
                                    [&](const Json& other) { return matches(row, other); });
    if (found == left.end()) {
      problems += "missing  " + row.dump() + "\n";
    } else {
      left.erase(found);
    }
  }
  for (const Json& row : left) problems += "too many " + row.dump() + "\n";
  return problems;
}

}  // namespace sluice::test
