#include <set>

#include "spec/section_readers.hpp"

namespace sluice {

namespace {

const OptionTable& test_table() {
  static const OptionTable table = {{"name", OptionKind::text, true},
                                    {"given", OptionKind::node, true},
                                    {"advance_watermark", OptionKind::text},
                                    {"expect", OptionKind::node, true}};
  return table;
}

bool is_list_of_maps(const Node& rows) {
  if (!rows.is_list()) return false;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].is_map()) return false;
  }
  return true;
}

std::vector<TestRowsSpec> read_relations(const Node& section, const std::string& field,
                                         Diagnostics& diagnostics) {
  std::vector<TestRowsSpec> relations;
  if (!section) return relations;
  if (!section.is_map()) {
    diagnostics.error(ErrorCode::invalid_value, section,
                      "\"" + field + "\" must be a map of names to rows");
    return relations;
  }
  for (const auto& [key, rows] : section.entries()) {
    if (!is_list_of_maps(rows)) {
      diagnostics.error(ErrorCode::invalid_value, rows,
                        "the rows of \"" + key.text() + "\" must be a list of maps");
      continue;
    }
    TestRowsSpec spec;
    spec.relation = key.text();
    spec.location = key.location();
    for (size_t i = 0; i < rows.size(); ++i) spec.rows.push_back(rows[i]);
    relations.push_back(std::move(spec));
  }
  return relations;
}

}  // namespace

std::vector<TestSpec> read_tests(const Node& root, SpecReader& reader) {
  std::vector<TestSpec> tests;
  const Node section = root["tests"];
  if (!section) return tests;
  if (!section.is_list()) {
    reader.diagnostics().error(ErrorCode::invalid_value, section, "\"tests\" must be a list");
    return tests;
  }
  std::set<std::string> names;
  for (size_t i = 0; i < section.size(); ++i) {
    const Node item = section[i];
    const Options options = reader.read(test_table(), item, "test");
    if (!item.is_map()) continue;
    TestSpec test;
    test.name = options.text("name");
    test.location = item.location();
    test.given = read_relations(options.node("given"), "given", reader.diagnostics());
    test.advance_watermark = options.node("advance_watermark");
    test.expect = read_relations(options.node("expect"), "expect", reader.diagnostics());
    if (!test.name.empty() && !names.insert(test.name).second) {
      reader.diagnostics().error(ErrorCode::duplicate_name, options.node("name"),
                                 "two tests are called \"" + test.name + "\"");
    }
    tests.push_back(std::move(test));
  }
  return tests;
}

}  // namespace sluice
