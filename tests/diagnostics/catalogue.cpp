#include "diagnostics/catalogue.hpp"

namespace sluice {

namespace {

const OptionTable kafka_connection = {{"brokers", OptionKind::text, true}};
const OptionTable kafka_source = {
    {"topic", OptionKind::text, true},
    {"start", OptionKind::text, false, "earliest"},
    {"on_out_of_range", OptionKind::choice, false, "fail", "", {"fail", "earliest", "latest"}}};
const OptionTable kafka_sink = {{"topic", OptionKind::text, true}, {"key", OptionKind::text_list}};

const OptionTable postgres_connection = {{"dsn", OptionKind::text, true},
                                         {"password", OptionKind::secret}};
const OptionTable postgres_table = {{"table", OptionKind::text, true},
                                    {"key", OptionKind::text_list}};

const OptionTable redis_connection = {{"url", OptionKind::text, true}};
const OptionTable redis_sink = {{"type", OptionKind::choice, false, "hash", "", {"hash", "string"}},
                                {"key", OptionKind::text_template, true},
                                {"expire", OptionKind::duration}};

const OptionTable file_connection = {{"path", OptionKind::text, true}};
const OptionTable file_endpoint = {{"path", OptionKind::text, true}};

const OptionTable json_decoder = {{"max_bytes", OptionKind::bytes, false, "1MiB"}};
const OptionTable json_encoder = {{"omit_null", OptionKind::boolean, false, "false"}};
const OptionTable canal_decoder = {{"max_bytes", OptionKind::bytes, false, "1MiB"}};

ConnectorOptions kafka() {
  ConnectorOptions options;
  options.name = "kafka";
  options.connection = &kafka_connection;
  options.source = &kafka_source;
  options.sink = &kafka_sink;
  options.source_needs_format = true;
  options.sink_needs_format = true;
  options.takes_upsert = true;
  options.gives_exactly_once = true;
  return options;
}

ConnectorOptions postgres() {
  ConnectorOptions options;
  options.name = "postgres";
  options.connection = &postgres_connection;
  options.sink = &postgres_table;
  options.lookup = &postgres_table;
  options.takes_upsert = true;
  options.gives_exactly_once = true;
  return options;
}

ConnectorOptions redis() {
  ConnectorOptions options;
  options.name = "redis";
  options.connection = &redis_connection;
  options.sink = &redis_sink;
  options.takes_upsert = true;
  options.gives_exactly_once = true;
  return options;
}

ConnectorOptions file() {
  ConnectorOptions options;
  options.name = "file";
  options.connection = &file_connection;
  options.source = &file_endpoint;
  options.sink = &file_endpoint;
  options.source_needs_format = true;
  options.sink_needs_format = true;
  options.takes_changelog = true;
  return options;
}

}  // namespace

const ConnectorCatalogue& corpus_catalogue() {
  static const ConnectorCatalogue catalogue = {{kafka(), postgres(), redis(), file()},
                                               {{"json", &json_decoder, &json_encoder, false},
                                                {"canal_json", &canal_decoder, nullptr, true}}};
  return catalogue;
}

}  // namespace sluice
