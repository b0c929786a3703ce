#include <algorithm>
#include <map>

#include "spec/cross_checks.hpp"

namespace sluice {

namespace {

template <class T>
std::vector<std::string> names_of(const std::vector<T>& all) {
  std::vector<std::string> names;
  for (const T& entry : all) names.push_back(entry.name);
  return names;
}

std::vector<std::string> operator+(std::vector<std::string> first,
                                   const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

class ReferenceCheck {
 public:
  ReferenceCheck(const PipelineSpec& spec, Diagnostics& diagnostics)
      : spec_(spec), diagnostics_(diagnostics) {}

  void check_endpoint(const EndpointSpec& endpoint) {
    if (endpoint.connector.empty() || endpoint.connection.empty()) return;
    const SourceLocation& place = endpoint.options.location("connection");
    const ConnectionSpec* connection = spec_.find_connection(endpoint.connection);
    if (connection == nullptr) {
      report_unknown(place, "there is no connection \"" + endpoint.connection + "\"",
                     endpoint.connection, names_of(spec_.connections));
    } else if (!connection->type.empty() && connection->type != endpoint.connector) {
      diagnostics_.error(ErrorCode::connection_mismatch, place,
                         "connection \"" + connection->name + "\" is of type " + connection->type +
                             ", not " + endpoint.connector);
    }
  }

  void check_from(const SinkSpec& sink) {
    if (sink.from.empty() || spec_.find_source(sink.from) || spec_.find_step(sink.from)) return;
    report_unknown(sink.from_location, "there is no source or step \"" + sink.from + "\"",
                   sink.from, names_of(spec_.steps) + names_of(spec_.sources));
  }

  void check_was(const StepSpec& step) {
    if (step.was.empty()) return;
    if (spec_.find_step(step.was) != nullptr) {
      diagnostics_.error(ErrorCode::duplicate_name, step.location,
                         "was: " + step.was + " names a step that still exists");
    }
    const auto first =
        std::find_if(spec_.steps.begin(), spec_.steps.end(),
                     [&step](const StepSpec& other) { return other.was == step.was; });
    if (&*first != &step) {
      diagnostics_.error(ErrorCode::duplicate_name, step.location,
                         "was: " + step.was + " is also claimed by step " + first->name);
    }
  }

  void check_test(const TestSpec& test) {
    for (const TestRowsSpec& given : test.given) check_given(given);
    for (const TestRowsSpec& expect : test.expect) {
      const bool is_known = expect.relation == "dead_letter" || spec_.find_sink(expect.relation) ||
                            spec_.find_step(expect.relation);
      if (is_known) continue;
      report_unknown(expect.location, "there is no sink or step \"" + expect.relation + "\"",
                     expect.relation, names_of(spec_.sinks) + names_of(spec_.steps));
    }
  }

 private:
  void check_given(const TestRowsSpec& given) {
    if (const SourceSpec* source = spec_.find_source(given.relation)) {
      std::vector<std::string> columns;
      for (const ColumnSpec& column : source->columns) {
        if (!column.expr) columns.push_back(column.name);
      }
      // A row of a changelog may say which change it is.
      check_rows(given, columns, "op");
    } else if (const LookupSpec* lookup = spec_.find_lookup(given.relation)) {
      check_rows(given, names_of(lookup->columns) + lookup->key, "");
    } else {
      report_unknown(given.location, "there is no source or lookup \"" + given.relation + "\"",
                     given.relation, names_of(spec_.sources) + names_of(spec_.lookups));
    }
  }

  void check_rows(const TestRowsSpec& given, const std::vector<std::string>& columns,
                  std::string_view also) {
    for (const Node& row : given.rows) {
      for (const auto& [key, value] : row.entries()) {
        const bool is_known =
            std::find(columns.begin(), columns.end(), key.text()) != columns.end();
        if (is_known || key.text() == also) continue;
        diagnostics_.error(ErrorCode::unknown_source_column, key,
                           "\"" + key.text() + "\" is not a column of " + given.relation,
                           did_you_mean(key.text(), columns));
      }
    }
  }

  void report_unknown(const SourceLocation& place, std::string message, const std::string& name,
                      const std::vector<std::string>& known) {
    diagnostics_.error(ErrorCode::unknown_reference, place, std::move(message),
                       did_you_mean(name, known));
  }

  const PipelineSpec& spec_;
  Diagnostics& diagnostics_;
};

// Reports names that came before.
class NameCheck {
 public:
  explicit NameCheck(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  template <class T>
  void add(const std::string& what, const std::vector<T>& all) {
    for (const T& entry : all) {
      const auto [known, is_new] = first_.try_emplace(entry.name, what, entry.location.line);
      if (is_new) continue;
      diagnostics_.error(ErrorCode::duplicate_name, entry.location,
                         what + " \"" + entry.name + "\" has the name of a " + known->second.first +
                             " (line " + std::to_string(known->second.second) + ")");
    }
  }

 private:
  Diagnostics& diagnostics_;
  std::map<std::string, std::pair<std::string, uint32_t>> first_;
};

}  // namespace

void check_references(const PipelineSpec& spec, Diagnostics& diagnostics) {
  ReferenceCheck check(spec, diagnostics);
  for (const SourceSpec& source : spec.sources) check.check_endpoint(source.from);
  for (const LookupSpec& lookup : spec.lookups) check.check_endpoint(lookup.from);
  for (const StepSpec& step : spec.steps) check.check_was(step);
  for (const SinkSpec& sink : spec.sinks) {
    check.check_endpoint(sink.to);
    check.check_from(sink);
  }
  if (spec.errors.dead_letter) check.check_endpoint(*spec.errors.dead_letter);
}

void check_tests(const PipelineSpec& spec, Diagnostics& diagnostics) {
  ReferenceCheck check(spec, diagnostics);
  for (const TestSpec& test : spec.tests) check.check_test(test);
}

void check_unique_names(const PipelineSpec& spec, Diagnostics& diagnostics) {
  NameCheck check(diagnostics);
  check.add("source", spec.sources);
  check.add("lookup", spec.lookups);
  check.add("step", spec.steps);
  check.add("sink", spec.sinks);
}

void check_delivery(const PipelineSpec& spec, const ConnectorCatalogue& catalogue,
                    Diagnostics& diagnostics) {
  if (spec.settings.delivery != Delivery::exactly_once) return;
  const auto check = [&](const EndpointSpec& endpoint, const std::string& what) {
    const ConnectorOptions* connector = catalogue.find_connector(endpoint.connector);
    if (connector == nullptr || connector->gives_exactly_once) return;
    diagnostics.error(ErrorCode::delivery_unsupported, endpoint.location,
                      what + ": " + connector->name + " does not give delivery: exactly_once",
                      "state settings.delivery: at_least_once, or use another target");
  };
  for (const SinkSpec& sink : spec.sinks) check(sink.to, "sink " + sink.name);
  if (spec.errors.dead_letter) check(*spec.errors.dead_letter, "dead_letter");
}

}  // namespace sluice
