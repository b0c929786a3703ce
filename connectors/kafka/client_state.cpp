#include "connectors/kafka/client_state.hpp"

#include <utility>

namespace sluice::kafka {

namespace {

// librdkafka tells of a failure that lasts at least every 30 s.
constexpr auto recent = std::chrono::seconds(60);

// "[thrd:sasl_plaintext://host:9092/bootstrap]: sasl_plaintext://host:9092/bootstrap: WHAT (after
// 3ms in state AUTH_REQ)": WHAT.
std::string_view without_bookkeeping(std::string_view text) {
  if (text.starts_with('[')) text.remove_prefix(std::min(text.find("]: ") + 3, text.size()));
  const size_t broker_end = text.find(": ");
  if (broker_end != std::string_view::npos) text.remove_prefix(broker_end + 2);
  return text.substr(0, text.rfind(" (after "));
}

}  // namespace

ClientState::ClientState(Options connection, DeliveryCallback on_delivery, void* opaque)
    : connection_(std::move(connection)), on_delivery_(on_delivery), opaque_(opaque) {}

ClientState& ClientState::of(const rd_kafka_t* client) {
  return *static_cast<ClientState*>(rd_kafka_opaque(client));
}

// librdkafka would print to standard error on its own. While a client is being made there may be
// none yet.
void ClientState::log(const rd_kafka_t* client, int, const char* facility, const char* text) {
  if (client == nullptr || std::string_view(facility) != "FAIL") return;
  of(client).note_failure(without_bookkeeping(text));
}

void ClientState::deliver(rd_kafka_t* client, const rd_kafka_message_t* message, void* state) {
  const auto* self = static_cast<const ClientState*>(state);
  self->on_delivery_(client, message, self->opaque_);
}

std::optional<std::string> ClientState::recent_failure() const {
  const std::lock_guard lock(mutex_);
  if (failure_.empty() || std::chrono::steady_clock::now() - failed_at_ > recent)
    return std::nullopt;
  return failure_;
}

void ClientState::note_failure(std::string_view text) {
  const std::lock_guard lock(mutex_);
  failure_ = text;
  failed_at_ = std::chrono::steady_clock::now();
}

}  // namespace sluice::kafka
