#include "spec/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace sluice {
namespace {

const OptionTable stream_connection = {{"brokers", OptionKind::text, true},
                                       {"port", OptionKind::integer},
                                       {"password", OptionKind::secret},
                                       {"properties", OptionKind::node}};
const OptionTable stream_source = {{"topic", OptionKind::text, true},
                                   {"start", OptionKind::text, false, "earliest"}};
const OptionTable stream_sink = {{"topic", OptionKind::text, true}, {"key", OptionKind::text_list}};
const OptionTable json = {{"max_bytes", OptionKind::bytes, false, "1MiB"}};

ConnectorCatalogue make_catalogue() {
  ConnectorOptions stream;
  stream.name = "stream";
  stream.connection = &stream_connection;
  stream.source = &stream_source;
  stream.sink = &stream_sink;
  stream.lookup = &stream_sink;
  stream.source_needs_format = true;
  stream.sink_needs_format = true;
  stream.takes_upsert = true;
  stream.gives_exactly_once = true;
  return {{stream}, {{"json", &json, &json, false}, {"changes", &json, nullptr, true}}};
}

const std::string head = "version: 1\npipeline: trade\n";
const std::string connection = "connections:\n  s: {type: stream, brokers: here}\n";
const std::string rest =
    "sources:\n"
    "  orders:\n"
    "    stream: {connection: s, topic: orders}\n"
    "    format: changes\n"
    "    columns: {id: text, city: {type: text, path: $.a.b}, at: timestamptz,\n"
    "              cents: {type: bigint, expr: amuont * 100}}\n"
    "    event_time: {column: at, out_of_order: 30s}\n"
    "    changelog: {key: [id], duplicates: drop}\n"
    "  again:\n"
    "    stream: {connection: s, topic: orders, start: earliest}\n"
    "    format: changes\n"
    "    changelog: {key: [id]}\n"
    "    columns: {id: text}\n"
    "  inserts:\n"
    "    stream: {connection: s, topic: orders, start: latest}\n"
    "    format: json\n"
    "    columns: {id: text}\n"
    "steps:\n"
    "  totals:\n"
    "    sql: |\n"
    "      SELECT city,\n"
    "             count(*) AS n\n"
    "      FROM orders, again, inserts GROUP BY city\n"
    "    check: [{name: some, expr: n > 0}]\n"
    "    emit: {every: 5s}\n"
    "sinks:\n"
    "  out: {from: totals, stream: {connection: s, topic: t, key: [city]}, format: json, "
    "mode: upsert}\n"
    "errors: {on_error: drop}\n";

class LoadTest : public testing::Test {
 protected:
  LoadedPipeline load(const std::string& text, bool resolve_values = true) {
    LoadRequest request;
    request.catalogue = &catalogue_;
    request.filesystem = filesystem_.get();
    request.variable = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
    request.resolve_values = resolve_values;
    diagnostics_ = {};
    return load_pipeline_text(testing::TempDir() + "p.yaml", text, request, diagnostics_);
  }

  // The connection's options for a line of `connections`.
  Options read_connection(const std::string& fields, bool resolve_values = true) {
    const LoadedPipeline loaded =
        load(head + "connections:\n  s: {type: stream, " + fields + "}\n" + rest, resolve_values);
    return loaded.spec.find_connection("s")->options;
  }

  std::string problems() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics_.sorted()) {
      text += error_code_text(diagnostic.code) + " " + diagnostic.message + "\n";
    }
    return text;
  }

  ConnectorCatalogue catalogue_ = make_catalogue();
  std::unique_ptr<Filesystem> filesystem_ = make_posix_filesystem();
  std::map<std::string, std::string> variables_ = {{"HOST", "db:1"}, {"EMPTY", ""}};
  Diagnostics diagnostics_;
};

TEST_F(LoadTest, Load_FillsTheSpec) {
  const PipelineSpec spec = load(head + connection + rest).spec;

  ASSERT_EQ(problems(), "");
  EXPECT_EQ(spec.name, "trade");
  EXPECT_EQ(spec.settings.timezone, "UTC");
  EXPECT_EQ(spec.settings.checkpoint_interval_us, 1'000'000);
  const SourceSpec& orders = *spec.find_source("orders");
  EXPECT_EQ(orders.find_column("city")->path, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(orders.find_column("id")->path, std::vector<std::string>{"id"});
  EXPECT_TRUE(orders.find_column("cents")->path.empty());
  EXPECT_EQ(orders.event_time->out_of_order_us, 30'000'000);
  EXPECT_EQ(orders.event_time->idle_after_us, 60'000'000);
  EXPECT_EQ(orders.changelog->ops, ChangelogOps::all);
  EXPECT_EQ(orders.on_error, RowPolicy::drop);
  const StepSpec& totals = *spec.find_step("totals");
  EXPECT_EQ(totals.emit, EmitAt::every);
  EXPECT_EQ(totals.late_then, RowPolicy::drop);
  EXPECT_EQ(totals.checks[0].expr.text(), "n > 0");
  EXPECT_EQ(spec.find_sink("out")->key, std::vector<std::string>{"city"});
}

TEST_F(LoadTest, Load_ListsEveryDefaultInForce) {
  const PipelineSpec spec = load(head + connection + rest).spec;

  std::vector<std::string> defaults;
  for (const DefaultInForce& entry : spec.defaults)
    defaults.push_back(entry.path + "=" + entry.value);
  EXPECT_THAT(defaults,
              testing::IsSupersetOf(
                  {"settings.checkpoint.timeout=2m", "sources.orders.stream.start=earliest",
                   "sources.orders.event_time.idle_after=1m", "sources.orders.format.on_error=drop",
                   "steps.totals.check[0].on_fail=drop", "steps.totals.late.accept=0s"}));
  EXPECT_THAT(defaults, testing::Not(testing::Contains("sources.again.stream.start=earliest")));
}

// Nobody has to remember to list an option: what is not stated and not listed otherwise is `none`.
TEST_F(LoadTest, Load_ListsWhatStandsInForEveryFieldThatIsNotStated) {
  const PipelineSpec spec = load(head + connection + rest).spec;

  std::map<std::string, std::string> defaults;
  for (const DefaultInForce& entry : spec.defaults) {
    EXPECT_TRUE(defaults.emplace(entry.path, entry.value).second) << entry.path << " twice";
  }
  const std::map<std::string, std::string> expected = {
      {"connections.s.port", "none"},
      {"connections.s.password", "none"},
      {"connections.s.properties", "none"},
      {"errors.dead_letter", "none"},
      {"errors.stop_after", "none"},
      {"settings.state.ttl", "none"},
      {"sources.orders.changelog.ops", "all"},
      {"sources.orders.changelog.version_by", "none"},
      {"sources.inserts.changelog.key", "none"},
      {"sources.inserts.changelog.ops", "[insert]"},
      {"sources.inserts.changelog.duplicates", "keep"},
      {"sources.again.changelog.ops", "all"},
      {"sources.again.changelog.duplicates", "keep"},
      {"sources.again.event_time", "none"},
      {"steps.totals.state.ttl", "none"},
      {"steps.totals.layer", "none"},
      {"steps.totals.was", "none"},
  };
  for (const auto& [path, value] : expected) EXPECT_EQ(defaults[path], value) << path;
  for (const char* stated : {"steps.totals.emit", "steps.totals.check", "sinks.out.stream.key"}) {
    EXPECT_FALSE(defaults.contains(stated)) << stated;
  }
  EXPECT_FALSE(defaults.contains("errors.dead_letter_rows")) << "there are none";
}

TEST_F(LoadTest, Load_ReadsWhatDeadLettersHold) {
  const std::string sections = head + connection + rest.substr(0, rest.find("errors:"));
  const std::string errors = "errors: {dead_letter: {stream: {connection: s, topic: d}}";
  const PipelineSpec usual = load(sections + errors + "}\n").spec;
  ASSERT_EQ(problems(), "");
  EXPECT_FALSE(usual.errors.letters_hold_whole_rows);
  const auto is_it = [](const DefaultInForce& entry) {
    return entry.path == "errors.dead_letter_rows" && entry.value == "step";
  };
  EXPECT_EQ(std::count_if(usual.defaults.begin(), usual.defaults.end(), is_it), 1);

  const PipelineSpec whole = load(sections + errors + ", dead_letter_rows: whole}\n").spec;
  ASSERT_EQ(problems(), "");
  EXPECT_TRUE(whole.errors.letters_hold_whole_rows);
}

TEST_F(LoadTest, Load_NamesTheTtlOfTheSettingsAtEachStep) {
  const PipelineSpec spec = load(head + "settings: {state: {ttl: 26h}}\n" + connection + rest).spec;

  const auto found = std::find_if(
      spec.defaults.begin(), spec.defaults.end(),
      [](const DefaultInForce& entry) { return entry.path == "steps.totals.state.ttl"; });
  ASSERT_NE(found, spec.defaults.end());
  EXPECT_EQ(found->value, "26h");
}

TEST_F(LoadTest, Load_RefusesATargetThatDoesNotGiveTheDelivery) {
  catalogue_.connectors.front().gives_exactly_once = false;
  load(head + connection + rest);
  EXPECT_THAT(problems(), testing::HasSubstr("E1406 sink out: stream does not give"));
  load(head + "settings: {delivery: at_least_once}\n" + connection + rest);
  EXPECT_EQ(problems(), "");
}

TEST_F(LoadTest, Interpolation_ReplacesVariablesAndKeepsEscapes) {
  EXPECT_EQ(read_connection("brokers: \"a,${env:HOST},${env:X:-c:2},$${d},$e\"").text("brokers"),
            "a,db:1,c:2,${d},$e");
  EXPECT_EQ(read_connection("brokers: \"x${env:EMPTY}${env:EMPTY:-y}\"").text("brokers"), "xy");
  EXPECT_EQ(problems(), "");
}

TEST_F(LoadTest, Interpolation_RefusesAVariableThatIsNotUtf8) {
  variables_["HOST"] = "db\xFF:1";

  read_connection("brokers: \"${env:HOST}\"");

  EXPECT_EQ(problems(), "E1102 the value of the environment variable HOST is not UTF-8\n");
}

TEST_F(LoadTest, Interpolation_ValueIsNeverReadAsYaml) {
  variables_["HOST"] = "a, port: 99";

  const Options options = read_connection("brokers: \"${env:HOST}\"");

  EXPECT_EQ(options.text("brokers"), "a, port: 99");
  EXPECT_FALSE(options.is_given("port"));
}

TEST_F(LoadTest, Interpolation_SecretFileReachesOnlyTheSecret) {
  const std::string path = testing::TempDir() + "sluice_secret";
  std::ofstream(path) << "tiger\n";

  const Options options = read_connection("brokers: b, password: \"${secret:file:" + path + "}\"");

  EXPECT_EQ(problems(), "");
  EXPECT_EQ(options.secret("password").reveal(), "tiger");
  EXPECT_EQ(options.text("password"), "");
  EXPECT_EQ(options.node("password").text(), "${secret:file:" + path + "}");
}

// An empty password would be none: a client may then take another, or go in without.
TEST_F(LoadTest, Interpolation_EmptySecretFileIsAnError) {
  const std::string path = testing::TempDir() + "sluice_empty_secret";
  std::ofstream(path) << "\r\n";

  read_connection("brokers: b, password: \"${secret:file:" + path + "}\"");

  EXPECT_EQ(problems(), "E1102 the secret's file " + path + " is empty\n");
}

TEST_F(LoadTest, Interpolation_UnsetVariableIsAnErrorOnlyWhenValuesAreNeeded) {
  read_connection("brokers: b, port: \"${env:PORT:?say where}\"");
  EXPECT_EQ(problems(), "E1102 the environment variable PORT is not set: say where\n");
  EXPECT_TRUE(diagnostics_.has_errors());

  read_connection("brokers: b, port: \"${env:PORT:?say where}\"", false);
  EXPECT_EQ(problems(), "E1102 the environment variable PORT is not set: say where\n");
  EXPECT_FALSE(diagnostics_.has_errors());
}

TEST_F(LoadTest, Interpolation_MissingSecretIsOpenedOnlyWhenValuesAreNeeded) {
  const std::string fields = "brokers: b, password: \"${secret:file:/no/such/secret}\"";

  read_connection(fields);
  EXPECT_THAT(problems(), testing::StartsWith("E1102 the secret's file cannot be read"));

  read_connection(fields, false);
  EXPECT_EQ(problems(), "");
}

TEST_F(LoadTest, Interpolation_SecretIsRefusedInsideAFieldOfAnyForm) {
  read_connection("brokers: b, properties: {a: [\"${secret:file:/run/x}\"]}", false);

  EXPECT_EQ(problems(),
            "E1101 \"properties\" is not a secret field and cannot hold ${secret:...}\n");
}

TEST_F(LoadTest, Load_IncludedFileAddsItsDefinitions) {
  std::ofstream(testing::TempDir() + "shared.yaml")
      << "version: 1\nconnections:\n  s: {type: stream, brokers: shared}\n";

  const LoadedPipeline loaded = load(head + "include: shared.yaml\nconnections: {}\n" + rest);

  EXPECT_EQ(problems(), "");
  EXPECT_EQ(loaded.files.size(), 2U);
  EXPECT_EQ(loaded.spec.find_connection("s")->options.text("brokers"), "shared");
}

}  // namespace
}  // namespace sluice
