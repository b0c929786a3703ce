// OptionSpec: the options of a section, declared once: from the declaration come parsing, checks,
// defaults, help and the JSON Schema.
//
//   const OptionTable table = {
//       {"topic", OptionKind::text, true, "", "Kafka topic to read"},
//       {"fetch_wait_max", OptionKind::duration, false, "50ms", "longest wait for a batch"}};
//   Options options = table.read(node, "kafka", diagnostics);  // every problem is reported
//   options.text("topic");
//   options.duration_us("fetch_wait_max");
//
// Immutable descriptions; Options is a value. Reading never fails: problems go to Diagnostics and
// the default stands in.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/node.hpp"
#include "config/secret.hpp"

namespace sluice {

enum class OptionKind : uint8_t {
  text,
  name,     // [a-z][a-z0-9_]*
  boolean,  // true or false
  integer,
  duration,       // 30s, 1500ms
  bytes,          // 512MiB
  choice,         // one of OptionSpec::choices
  text_list,      // [a, b], or a alone
  text_template,  // ads:traffic:{day}; see config/text_template.hpp
  secret,
  node,  // anything; read by the owner of the table
};

struct OptionSpec {
  std::string name;
  OptionKind kind = OptionKind::text;
  bool required = false;
  std::string default_text;  // as a user would write it; of a node for help only; empty: none
  std::string help;
  std::vector<std::string> choices = {};  // of OptionKind::choice
  int64_t minimum = 0;                    // of integer, duration (microseconds) and bytes
  int64_t maximum = INT64_MAX;
  // Of OptionKind::node: fields of it that have a default. For help only; the owner reads them.
  std::vector<OptionSpec> fields = {};
};

class Options {
 public:
  // False when neither given nor defaulted.
  bool has(std::string_view name) const;
  // True when the file says it, false when the default stands in.
  bool is_given(std::string_view name) const;
  // False for what the file does not say, and for a ${…} that is not replaced (offline).
  bool is_known(std::string_view name) const;
  const std::string& text(std::string_view name) const;  // text, name, choice, text_template
  bool boolean(std::string_view name) const;
  int64_t integer(std::string_view name) const;
  int64_t duration_us(std::string_view name) const;
  int64_t bytes(std::string_view name) const;
  const std::vector<std::string>& list(std::string_view name) const;
  const Secret& secret(std::string_view name) const;
  Node node(std::string_view name) const;
  const SourceLocation& location(
      std::string_view name) const;  // of the field, or of its section when not given
  // Of the section: connections.report. Empty where no file was read.
  const std::string& path() const { return path_; }

 private:
  friend class OptionTable;
  struct Entry {
    bool given = false;
    bool has_value = false;
    std::string text;
    int64_t number = 0;
    std::vector<std::string> list;
    Secret secret;
    Node node;
    SourceLocation location;
  };
  const Entry& at(std::string_view name) const;
  std::string path_;
  std::map<std::string, Entry, std::less<>> entries_;
};

class OptionTable {
 public:
  OptionTable(std::initializer_list<OptionSpec> specs) : specs_(specs) {}
  explicit OptionTable(std::vector<OptionSpec> specs) : specs_(std::move(specs)) {}

  const std::vector<OptionSpec>& specs() const { return specs_; }
  // `section` is how messages call the map: "event_time".
  Options read(const Node& map, std::string_view section, Diagnostics& diagnostics) const;

 private:
  static Options::Entry default_entry(const OptionSpec& spec, const SourceLocation& location);
  static void read_field(const OptionSpec& spec, const Node& node, Options::Entry& entry,
                         Diagnostics& diagnostics);

  std::vector<OptionSpec> specs_;
};

// "30s", "10m", "1500ms", "26h", "2d" to microseconds; "512MiB", "16kB" to bytes. Error
// invalid_value.
Result<int64_t> parse_duration_us(std::string_view text);
Result<int64_t> parse_bytes(std::string_view text);
// The shortest exact form: 90000000 is "90s", 120000000 is "2m"; 536870912 is "512MiB".
std::string format_duration(int64_t microseconds);
std::string format_bytes(int64_t bytes);
// [a-z][a-z0-9_]*, at most 63 characters.
bool is_name(std::string_view text);

}  // namespace sluice
