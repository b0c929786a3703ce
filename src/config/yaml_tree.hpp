// YamlTree: builds Nodes from a parser's events, byte positions in hand, and reports what pipeline
// files may not contain: duplicate, merge and odd keys, anchors, aliases, tags, ambiguous bare
// scalars, several documents, too much of anything. Used by parse_yaml alone; one thread. Calls
// come in document order; after LimitReached the tree is not used further.
#pragma once

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "config/document.hpp"
#include "config/yaml_checks.hpp"

namespace sluice {

class YamlTree {
 public:
  struct LimitReached {};

  YamlTree(const SourceText& source, Diagnostics& diagnostics);

  void begin_document(size_t byte);
  // Reports an anchor or a tag in front of the node at `byte`.
  void check_features(size_t byte, bool has_anchor);
  void add_null(size_t byte);
  void add_scalar(size_t byte, const std::string& text);
  void add_alias(size_t byte);
  void begin(Node::Kind kind, size_t byte);
  void end();

  Node root() const { return root_; }
  // Of texts in several lines; kept only for files that contain tabs.
  const std::vector<TextLines>& text_lines() const { return text_lines_; }

 private:
  // A list or map that is being filled.
  struct Frame {
    std::shared_ptr<Node::Data> data;
    Node key;                     // of the value to come; absent: a key comes next
    bool is_key_refused = false;  // the key was reported; its value is left out
    std::unordered_set<std::string> keys;
  };

  std::shared_ptr<Node::Data> make_data(Node::Kind kind, size_t byte);
  std::string path_of_next() const;
  bool expects_key() const;
  void add(std::shared_ptr<Node::Data> data);
  void add_key(Frame& frame, std::shared_ptr<Node::Data> data);
  // Reports a key that may not stand there; false if so.
  bool check_key(Frame& frame, const Node& key);
  void note_text_lines(const Node& scalar);

  const SourceText& source_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  Node root_;
  size_t node_count_ = 0;
  size_t document_count_ = 0;
  bool has_tabs_;
  std::vector<TextLines> text_lines_;
};

}  // namespace sluice
