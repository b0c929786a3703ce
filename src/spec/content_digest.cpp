#include "spec/content_digest.hpp"

#include <array>
#include <string>
#include <string_view>

#include "base/checksum.hpp"

namespace sluice {

namespace {

// What a run depends on, beside the connections.
constexpr std::array<std::string_view, 7> sections = {"pipeline", "settings", "sources", "lookups",
                                                      "steps",    "sinks",    "errors"};

// Each text with its size in front, so that no two sequences of texts are one.
void add_text(std::string_view text, RunningChecksum& sum) {
  sum.update(std::to_string(text.size()) + ":");
  sum.update(text);
}

void add(const Node& node, RunningChecksum& sum) {
  if (!node) return sum.update("-");
  switch (node.kind()) {
    case Node::Kind::null:
      return sum.update("~");
    case Node::Kind::scalar:
      sum.update(node.is_quoted() ? "'" : ".");
      return add_text(node.secret() != nullptr ? node.secret()->reveal() : node.text(), sum);
    case Node::Kind::list:
      sum.update("[");
      for (size_t i = 0; i < node.size(); ++i) add(node[i], sum);
      return sum.update("]");
    case Node::Kind::map:
      sum.update("{");
      for (const auto& [key, value] : node.entries()) {
        add_text(key.text(), sum);
        add(value, sum);
      }
      return sum.update("}");
  }
}

}  // namespace

uint64_t content_digest(const std::vector<Node>& roots, const std::vector<Node>& connections) {
  RunningChecksum sum;
  for (const std::string_view section : sections) {
    sum.update("|");
    for (const Node& root : roots) {
      if (const Node found = root[section]) add(found, sum);
    }
  }
  sum.update("|");
  for (const Node& connection : connections) add(connection, sum);
  return sum.value();
}

}  // namespace sluice
