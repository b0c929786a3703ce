#include "connectors/kafka/kafka_client.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "config/credentials.hpp"
#include "connectors/kafka/connection_failure.hpp"

namespace sluice::kafka {

namespace {

// Settings of librdkafka that a pipeline file may set beyond the named options. Nothing that loads
// code, runs a command, reads a file or prints secrets is among them.
constexpr std::array allowed_properties = {
    "client.id",
    "compression.codec",
    "compression.level",
    "connections.max.idle.ms",
    "fetch.error.backoff.ms",
    "fetch.max.bytes",
    "fetch.message.max.bytes",
    "fetch.min.bytes",
    "linger.ms",
    "message.max.bytes",
    "metadata.max.age.ms",
    "queue.buffering.max.kbytes",
    "queued.max.messages.kbytes",
    "queued.min.messages",
    "receive.message.max.bytes",
    "reconnect.backoff.max.ms",
    "reconnect.backoff.ms",
    "socket.keepalive.enable",
    "socket.timeout.ms",
    "transaction.timeout.ms",
};

constexpr const char* transaction_timeout = "transaction.timeout.ms";
constexpr const char* default_transaction_timeout_ms = "60000";  // librdkafka's

Status set(rd_kafka_conf_t* configuration, const std::string& name, const std::string& value) {
  char message[512];
  if (rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), message, sizeof(message)) ==
      RD_KAFKA_CONF_OK) {
    return {};
  }
  return fail(ErrorCode::invalid_value, "Kafka setting " + name + ": " + message);
}

Status set_security(rd_kafka_conf_t* configuration, const Options& connection) {
  SLUICE_TRY(set(configuration, "security.protocol", connection.text("security")));
  if (connection.has("ca_file"))
    SLUICE_TRY(set(configuration, "ssl.ca.location", connection.text("ca_file")));
  if (!connection.has("username")) return {};
  SLUICE_TRY(set(configuration, "sasl.mechanism", connection.text("mechanism")));
  SLUICE_TRY(set(configuration, "sasl.username", connection.text("username")));
  return set(configuration, "sasl.password", connection.secret("password").reveal());
}

Status check_allowed(const std::string& property) {
  const bool is_allowed = std::find(allowed_properties.begin(), allowed_properties.end(),
                                    property) != allowed_properties.end();
  if (is_allowed) return {};
  const std::vector<std::string> names(allowed_properties.begin(), allowed_properties.end());
  const std::string closest = did_you_mean(property, names);
  return fail(ErrorCode::invalid_value,
              "Kafka setting " + property + " may not be set in a pipeline",
              closest.empty() ? "docs/language.md lists the settings that may" : closest);
}

Status set_properties(rd_kafka_conf_t* configuration, const Options& connection) {
  const Node properties = connection.node("properties");
  if (!properties) return {};
  for (const auto& [name, value] : properties.entries()) {
    SLUICE_TRY(check_allowed(name.text()));
    SLUICE_TRY(set(configuration, name.text(), value.text()));
  }
  return {};
}

struct ConfigurationDeleter {
  void operator()(rd_kafka_conf_t* configuration) const { rd_kafka_conf_destroy(configuration); }
};
using Configuration = std::unique_ptr<rd_kafka_conf_t, ConfigurationDeleter>;

Result<Configuration> configure(const Options& connection, const Settings& settings) {
  Configuration configuration(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(configuration.get(), ClientState::log);
  SLUICE_TRY(set(configuration.get(), "bootstrap.servers", connection.text("brokers")));
  SLUICE_TRY(set_security(configuration.get(), connection));
  for (const auto& [name, value] : settings) SLUICE_TRY(set(configuration.get(), name, value));
  SLUICE_TRY(set_properties(configuration.get(), connection));
  return configuration;
}

Result<Handle> create(rd_kafka_type_t type, Configuration configuration,
                      std::unique_ptr<ClientState> state) {
  rd_kafka_conf_set_opaque(configuration.get(), state.get());
  char message[512];
  Handle handle(rd_kafka_new(type, configuration.get(), message, sizeof(message)));
  if (!handle) return fail(ErrorCode::invalid_value, std::string("Kafka client: ") + message);
  configuration.release();  // the client owns it now
  state.release();          // and its handle the state
  return handle;
}

}  // namespace

// The client's threads, which end first, use the state.
void HandleDeleter::operator()(rd_kafka_t* handle) const {
  const std::unique_ptr<ClientState> state(&ClientState::of(handle));
  rd_kafka_destroy(handle);
}

void abandon(Handle consumer) {
  const std::unique_ptr<ClientState> state(&ClientState::of(consumer.get()));
  rd_kafka_destroy_flags(consumer.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

const OptionTable& connection_options() {
  static const OptionTable table = {
      {"brokers", OptionKind::text, true, "", "host:port of one or more brokers, comma-separated"},
      {"security",
       OptionKind::choice,
       false,
       "plaintext",
       "how to talk to the brokers",
       {"plaintext", "ssl", "sasl_plaintext", "sasl_ssl"}},
      {"mechanism",
       OptionKind::choice,
       false,
       "SCRAM-SHA-512",
       "SASL mechanism",
       {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}},
      {"username", OptionKind::text, false, "", "SASL user"},
      {"password", OptionKind::secret, false, "", "SASL password"},
      {"ca_file", OptionKind::text, false, "", "certificate authorities to trust, PEM"},
      {"properties",
       OptionKind::node,
       false,
       "",
       "further settings of librdkafka, from an allow-list",
       {},
       0,
       INT64_MAX,
       {{transaction_timeout, OptionKind::integer, false, default_transaction_timeout_ms,
         "longest Kafka transaction; the brokers must allow it"}}},
  };
  return table;
}

Status check_property(const std::string& name, const std::string& value) {
  SLUICE_TRY(check_allowed(name));
  const Configuration configuration(rd_kafka_conf_new());
  return set(configuration.get(), name, value);
}

int64_t transaction_timeout_ms(const Options& connection) {
  const Node given = connection.node("properties")[transaction_timeout];
  // What is not a number is refused where a client is made of it.
  return std::atoll(given ? given.text().c_str() : default_transaction_timeout_ms);
}

Result<Handle> make_client(rd_kafka_type_t type, const Options& connection,
                           const Settings& settings) {
  SLUICE_ASSIGN(Configuration configuration, configure(connection, settings));
  return create(type, std::move(configuration), std::make_unique<ClientState>(connection));
}

Result<Handle> make_producer(const Options& connection, const Settings& settings,
                             DeliveryCallback on_delivery, void* opaque) {
  SLUICE_ASSIGN(Configuration configuration, configure(connection, settings));
  rd_kafka_conf_set_dr_msg_cb(configuration.get(), ClientState::deliver);
  return create(RD_KAFKA_PRODUCER, std::move(configuration),
                std::make_unique<ClientState>(connection, on_delivery, opaque));
}

Error no_answer(const rd_kafka_t* client, std::string message) {
  const ClientState& state = ClientState::of(client);
  return connection_failure(state.connection(), std::move(message), state.recent_failure());
}

Error make_error(const rd_kafka_t* client, rd_kafka_resp_err_t code, std::string_view what,
                 ErrorCode otherwise) {
  const std::string message = std::string(what) + ": " + rd_kafka_err2str(code);
  switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
      return no_answer(client, message);
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return refused_credentials(ClientState::of(client).connection(), {"username", "password"},
                                 message);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return not_allowed(ClientState::of(client).connection(), message);
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return {ErrorCode::topic_missing, message, Retry::never,
              "create the topic or correct its name"};
    default:
      return {otherwise, message, Retry::later, {}};
  }
}

Result<std::vector<int32_t>> partitions_of(rd_kafka_t* handle, const std::string& topic,
                                           int timeout_ms) {
  const TopicHandle reference(rd_kafka_topic_new(handle, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t problem =
      rd_kafka_metadata(handle, 0, reference.get(), &metadata, timeout_ms);
  if (problem != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return fail(make_error(handle, problem, "topic " + topic, ErrorCode::source_failed));
  }
  std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> owned(
      metadata, &rd_kafka_metadata_destroy);
  if (metadata->topic_cnt != 1 || metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const auto code = metadata->topic_cnt == 1 ? metadata->topics[0].err
                                               : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    return fail(make_error(handle, code, "topic " + topic, ErrorCode::topic_missing));
  }
  std::vector<int32_t> partitions;
  for (int i = 0; i < metadata->topics[0].partition_cnt; ++i)
    partitions.push_back(metadata->topics[0].partitions[i].id);
  std::sort(partitions.begin(), partitions.end());
  return partitions;
}

}  // namespace sluice::kafka
