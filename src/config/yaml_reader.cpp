#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "config/document.hpp"
#include "config/yaml_checks.hpp"
#include "config/yaml_tree.hpp"

namespace sluice {

namespace {

// Turns yaml-cpp's events into the tree. Marks count bytes from 0.
class EventReader : public YAML::EventHandler {
 public:
  explicit EventReader(YamlTree& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override { tree_.begin_document(byte_of(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    tree_.check_features(byte_of(mark), anchor != YAML::NullAnchor);
    tree_.add_null(byte_of(mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { tree_.add_alias(byte_of(mark)); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    tree_.check_features(byte_of(mark), anchor != YAML::NullAnchor);
    tree_.add_scalar(byte_of(mark), value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    tree_.check_features(byte_of(mark), anchor != YAML::NullAnchor);
    tree_.begin(Node::Kind::list, byte_of(mark));
  }
  void OnSequenceEnd() override { tree_.end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    tree_.check_features(byte_of(mark), anchor != YAML::NullAnchor);
    tree_.begin(Node::Kind::map, byte_of(mark));
  }
  void OnMapEnd() override { tree_.end(); }

 private:
  static size_t byte_of(const YAML::Mark& mark) {
    return mark.pos < 0 ? 0 : static_cast<size_t>(mark.pos);
  }

  YamlTree& tree_;
};

// Where and why yaml-cpp gave up, or line 0 when it did not.
struct SyntaxProblem {
  SourceLocation location;
  std::string message;
  bool is_incomplete = false;  // the tree is not to be used
};

SyntaxProblem read_events(const SourceText& source, YamlTree& tree) {
  EventReader events(tree);
  std::istringstream stream(source.text());
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YamlTree::LimitReached&) {
    // Reported by the tree.
    return {{}, "", true};
  } catch (const YAML::Exception& problem) {
    const size_t byte = problem.mark.pos < 0 ? 0 : static_cast<size_t>(problem.mark.pos);
    return {source.location_at(byte), problem.msg, true};
  }
  return {};
}

}  // namespace

Node parse_yaml(const SourceText& source, Diagnostics& diagnostics) {
  if (!check_bytes(source, diagnostics)) return {};
  YamlTree tree(source, diagnostics);
  const SyntaxProblem problem = read_events(source, tree);
  const bool has_tabs = report_tabs(source, tree.text_lines(), diagnostics);
  if (problem.location.line > 0) {
    // A tab that indents is what the parser stumbled over; its own words would only confuse.
    if (!has_tabs) {
      diagnostics.error(ErrorCode::yaml_syntax, problem.location,
                        "not valid YAML: " + problem.message);
    }
  }
  return problem.is_incomplete ? Node() : tree.root();
}

}  // namespace sluice
