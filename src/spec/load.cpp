#include "spec/load.hpp"

#include <algorithm>

#include "spec/content_digest.hpp"
#include "spec/cross_checks.hpp"
#include "spec/interpolation.hpp"
#include "spec/section_readers.hpp"

namespace sluice {

namespace {

constexpr uint64_t max_file_bytes = 5U << 20U;  // parse_yaml has the exact limit
constexpr size_t max_included_files = 64;

const OptionTable& pipeline_table() {
  static const OptionTable table = {{"version", OptionKind::choice, true, "", "", {"1"}},
                                    {"pipeline", OptionKind::name, true},
                                    {"include", OptionKind::text_list},
                                    {"settings", OptionKind::node},
                                    {"connections", OptionKind::node, true},
                                    {"sources", OptionKind::node},
                                    {"lookups", OptionKind::node},
                                    {"steps", OptionKind::node},
                                    {"sinks", OptionKind::node},
                                    {"errors", OptionKind::node},
                                    {"tests", OptionKind::node}};
  return table;
}

// What an included file may hold.
const OptionTable& fragment_table() {
  static const OptionTable table = {{"version", OptionKind::choice, true, "", "", {"1"}},
                                    {"connections", OptionKind::node},
                                    {"sources", OptionKind::node},
                                    {"lookups", OptionKind::node},
                                    {"steps", OptionKind::node},
                                    {"sinks", OptionKind::node}};
  return table;
}

std::string relative_to(const std::string& including, const std::string& path) {
  const size_t slash = including.rfind('/');
  if (path.starts_with('/') || slash == std::string::npos) return path;
  return including.substr(0, slash + 1) + path;
}

class PipelineLoader {
 public:
  PipelineLoader(const LoadRequest& request, Diagnostics& diagnostics)
      : request_(request), diagnostics_(diagnostics) {}

  LoadedPipeline load(SourceText main) {
    loaded_.files.push_back(std::move(main));
    const Node root = parse_yaml(loaded_.files.front(), diagnostics_);
    if (!root) {
      if (!diagnostics_.has_errors()) {
        diagnostics_.error(ErrorCode::yaml_syntax, SourceLocation{loaded_.files.front().name()},
                           "the file is empty");
      }
      return std::move(loaded_);
    }
    const Options options = pipeline_table().read(root, "the pipeline file", diagnostics_);
    if (!root.is_map()) return std::move(loaded_);
    roots_.push_back(root);
    include(root, options);
    for (const Node& tree : roots_) report_misplaced(tree);
    loaded_.spec.name = options.text("pipeline");
    loaded_.spec.name_location = options.location("pipeline");
    loaded_.spec.location = root.location();
    read_sections(root);
    return std::move(loaded_);
  }

 private:
  void include(const Node& root, const Options& options) {
    const Node field = root["include"];
    const std::vector<std::string>& paths = options.list("include");
    if (paths.size() > max_included_files) {
      diagnostics_.error(ErrorCode::include_failed, field, "more than 64 files are included");
      return;
    }
    // The texts must not move while nodes are read against them.
    loaded_.files.reserve(1 + paths.size());
    for (size_t i = 0; i < paths.size(); ++i) {
      include_file(paths[i], field.is_list() ? field[i] : field);
    }
  }

  void include_file(const std::string& written, const Node& place) {
    const std::string path = relative_to(loaded_.files.front().name(), written);
    const bool is_known =
        std::any_of(loaded_.files.begin(), loaded_.files.end(),
                    [&path](const SourceText& file) { return file.name() == path; });
    if (is_known) {
      diagnostics_.error(ErrorCode::include_failed, place, path + " is included twice");
      return;
    }
    auto text = request_.filesystem->read_all(path, max_file_bytes);
    if (!text) {
      diagnostics_.error(ErrorCode::include_failed, place,
                         path + " cannot be included: " + text.error().message);
      return;
    }
    loaded_.files.emplace_back(path, std::move(*text));
    const Node root = parse_yaml(loaded_.files.back(), diagnostics_);
    if (!root) return;
    fragment_table().read(root, "an included file", diagnostics_);
    if (root.is_map()) roots_.push_back(root);
  }

  void report_misplaced(const Node& root) {
    for (const auto& [key, value] : root.entries()) {
      if (key.text() != "connections") report_interpolation(value, loaded_.files, diagnostics_);
    }
  }

  // The named things of a section of all files, in order.
  std::vector<NamedNode> entries(std::string_view section, const std::string& what) {
    std::vector<NamedNode> all;
    for (const Node& root : roots_) {
      const Node map = root[section];
      if (!map) continue;
      if (!map.is_map()) {
        diagnostics_.error(
            ErrorCode::invalid_value, map,
            "\"" + std::string(section) + "\" must be a map of names to " + std::string(section));
      }
      for (const auto& [key, value] : map.entries()) {
        check_name(key, what, diagnostics_);
        all.push_back({key, value});
      }
    }
    return all;
  }

  void read_sections(const Node& root) {
    SpecReader reader(*request_.catalogue, loaded_.files, diagnostics_);
    PipelineSpec& spec = loaded_.spec;
    spec.settings = read_settings(root, reader);
    std::vector<Node> connections;  // with their names, values in place
    for (const NamedNode& entry : entries("connections", "connection")) {
      const Node value = interpolate(entry.value, request_, loaded_.files, diagnostics_);
      spec.connections.push_back(read_connection({entry.key, value}, reader));
      connections.push_back(entry.key);
      connections.push_back(value);
    }
    loaded_.digest = content_digest(roots_, connections);
    spec.errors = read_errors(root, reader);
    for (const NamedNode& entry : entries("sources", "source")) {
      spec.sources.push_back(read_source(entry, reader));
    }
    for (const NamedNode& entry : entries("lookups", "lookup")) {
      spec.lookups.push_back(read_lookup(entry, reader));
    }
    for (const NamedNode& entry : entries("steps", "step")) {
      spec.steps.push_back(read_step(entry, reader));
    }
    for (const NamedNode& entry : entries("sinks", "sink")) {
      spec.sinks.push_back(read_sink(entry, reader));
    }
    spec.defaults = reader.defaults();
    read_tests_section(root);
    check(root, reader);
  }

  void read_tests_section(const Node& root) {
    Diagnostics problems;
    SpecReader reader(*request_.catalogue, loaded_.files, problems);
    loaded_.spec.tests = read_tests(root, reader);
    check_tests(loaded_.spec, problems);
    for (Diagnostic& problem : problems.sorted()) {
      if (!request_.tests_must_be_right) problem.severity = Severity::warning;
      diagnostics_.add(std::move(problem));
    }
  }

  void check(const Node& root, const SpecReader& reader) {
    const PipelineSpec& spec = loaded_.spec;
    for (const auto& [section, is_empty] :
         {std::pair{"sources", spec.sources.empty()}, std::pair{"sinks", spec.sinks.empty()}}) {
      if (is_empty && !root[section]) {
        diagnostics_.error(ErrorCode::missing_field, root,
                           "the pipeline has no " + std::string(section));
      }
    }
    check_unique_connections();
    check_unique_names(spec, diagnostics_);
    check_references(spec, diagnostics_);
    check_delivery(spec, *request_.catalogue, diagnostics_);
    report_unstated_policies(root, reader.unstated_policies());
  }

  void check_unique_connections() {
    for (const ConnectionSpec& connection : loaded_.spec.connections) {
      const ConnectionSpec* first = loaded_.spec.find_connection(connection.name);
      if (first == &connection) continue;
      diagnostics_.error(ErrorCode::duplicate_name, connection.location,
                         "connection \"" + connection.name + "\" is defined twice (line " +
                             std::to_string(first->location.line) + " of " + first->location.file +
                             ")");
    }
  }

  void report_unstated_policies(const Node& root, const std::vector<std::string>& paths) {
    if (paths.empty()) return;
    constexpr size_t shown = 3;
    std::string list;
    for (size_t i = 0; i < std::min(paths.size(), shown); ++i) {
      list += (i > 0 ? ", " : "") + paths[i];
    }
    if (paths.size() > shown) list += " and " + std::to_string(paths.size() - shown) + " more";
    const Node errors = root["errors"];
    diagnostics_.error(ErrorCode::policy_missing, errors ? errors.key_location() : root.location(),
                       "no errors.dead_letter is configured, and nothing says what happens to bad "
                       "rows at " +
                           list,
                       "configure errors.dead_letter, or state errors.on_error: fail or drop");
  }

  const LoadRequest& request_;
  Diagnostics& diagnostics_;
  LoadedPipeline loaded_;
  std::vector<Node> roots_;
};

}  // namespace

const SourceText& LoadedPipeline::file_of(const Diagnostic& diagnostic) const {
  const auto found = std::find_if(
      files.begin(), files.end(),
      [&diagnostic](const SourceText& file) { return file.name() == diagnostic.location.file; });
  return found == files.end() ? files.front() : *found;
}

LoadedPipeline load_pipeline(const std::string& path, const LoadRequest& request,
                             Diagnostics& diagnostics) {
  auto text = request.filesystem->read_all(path, max_file_bytes);
  if (!text) {
    diagnostics.error(ErrorCode::file_unreadable, SourceLocation{path}, text.error().message);
    LoadedPipeline nothing;
    nothing.files.emplace_back(path, "");
    return nothing;
  }
  return load_pipeline_text(path, std::move(*text), request, diagnostics);
}

LoadedPipeline load_pipeline_text(const std::string& name, std::string text,
                                  const LoadRequest& request, Diagnostics& diagnostics) {
  return PipelineLoader(request, diagnostics).load(SourceText(name, std::move(text)));
}

}  // namespace sluice
