// SpecReader: what the readers of the file's sections share while one pipeline is loaded: the
// catalogue, the diagnostics, the files' texts, and the defaults that took the place of fields the
// file does not state. Owned by load_pipeline; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/connector_options.hpp"
#include "config/diagnostic.hpp"
#include "config/document.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// A name and what it defines, in the order of the file.
struct NamedNode {
  Node key;
  Node value;
};

class SpecReader {
 public:
  SpecReader(const ConnectorCatalogue& catalogue, const std::vector<SourceText>& files,
             Diagnostics& diagnostics)
      : catalogue_(catalogue), files_(files), diagnostics_(diagnostics) {}

  const ConnectorCatalogue& catalogue() const { return catalogue_; }
  Diagnostics& diagnostics() { return diagnostics_; }

  // Reads a section and notes what stands in for each field that it does not state: the table's
  // default, or none, unless its reader then notes or reads something better at that path.
  Options read(const OptionTable& table, const Node& section, std::string_view name);
  // The field `key` of `parent`; an empty map in its place when the file does not state it.
  static Node subsection(const Node& parent, std::string_view key);
  // Takes the place of what is noted at that path.
  void note_default(std::string path, std::string value, std::string why);
  // Of a field that has no meaning here.
  void forget_default(std::string_view path);

  // Says once, before other sections are read, what happens to bad rows where nothing is stated:
  // empty when the file says nothing at all.
  void set_dead_letters(bool has_dead_letters, std::optional<RowPolicy> default_policy);
  // The policy in `field` of a section. Notes the default, or that none is stated.
  RowPolicy policy(const Options& options, std::string_view field, const std::string& path);
  // The paths of policies that neither the file nor a default states.
  const std::vector<std::string>& unstated_policies() const { return unstated_policies_; }
  bool has_dead_letters() const { return has_dead_letters_; }

  // settings.state.ttl, as text, once the settings are read.
  const std::string& state_ttl() const { return state_ttl_; }
  void set_state_ttl(std::string text) { state_ttl_ = std::move(text); }

  // The text of a scalar with its places; reports one that holds nothing but blanks
  // (an empty one is reported by the table of its section).
  TextMap text(const Node& scalar, const std::string& field);

  const std::vector<DefaultInForce>& defaults() const { return defaults_; }

 private:
  std::vector<DefaultInForce>::iterator find_default(std::string_view path);

  const ConnectorCatalogue& catalogue_;
  const std::vector<SourceText>& files_;
  Diagnostics& diagnostics_;
  std::vector<DefaultInForce> defaults_;
  std::string state_ttl_ = "none";
  bool has_dead_letters_ = false;
  std::optional<RowPolicy> default_policy_;
  std::vector<std::string> unstated_policies_;
};

// dead_letter, drop, fail.
std::vector<std::string> row_policy_names();
RowPolicy row_policy(const std::string& name);

// Name checks, as every section of named things needs them: [a-z][a-z0-9_]* and not reserved.
bool check_name(const Node& key, std::string_view what, Diagnostics& diagnostics);

}  // namespace sluice
