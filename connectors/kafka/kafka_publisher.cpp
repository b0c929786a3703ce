#include "connectors/kafka/kafka_publisher.hpp"

#include <deque>
#include <future>
#include <map>

#include "base/caught_exception.hpp"
#include "connectors/kafka/direct_producer.hpp"
#include "connectors/kafka/failpoints.hpp"
#include "connectors/kafka/kafka_client.hpp"
#include "connectors/kafka/kafka_operation.hpp"
#include "connectors/kafka/progress_topic.hpp"
#include "connectors/kafka/transaction.hpp"
#include "kit/marker_rules.hpp"

namespace sluice::kafka {

namespace {

using ProducerPtr = std::unique_ptr<TransactionalProducer>;

// A round in which brokers refuse batches is followed by one that sends every record alone, and
// that by rounds that leave out what was refused.
constexpr int publish_rounds = 50;

// A claim whose process died before it wrote its first marker stands for one that shows nothing.
std::optional<Marker> marker_of(const Progress& progress) {
  if (progress.marker || !progress.claim) return progress.marker;
  return Marker{progress.claim->uid, progress.claim->owner, Epoch(0)};
}

class KafkaPublisher final : public Publisher {
 public:
  KafkaPublisher(const PublisherRequest& request, Options connection)
      : environment_(request.environment),
        connection_(std::move(connection)),
        ids_(request.ids),
        progress_(connection_, request.ids.target_id),
        direct_(connection_) {}

  Result<std::string> identity() override {
    SLUICE_ASSIGN(const Handle client, make_client(RD_KAFKA_PRODUCER, connection_, {}));
    char* id = rd_kafka_clusterid(client.get(), metadata_timeout_ms);
    if (id == nullptr) {
      return fail(
          no_answer(client.get(), "no broker of " + connection_.text("brokers") + " answers"));
    }
    std::string identity = std::string("kafka:") + id;
    rd_kafka_mem_free(client.get(), id);
    return identity;
  }

  std::string marker_place() const override { return "topic " + progress_.name(); }

  Result<std::optional<Marker>> look() override {
    take_warm();
    SLUICE_ASSIGN(const Progress progress, progress_.read());
    return marker_of(progress);
  }

  Result<Marker> claim(const std::optional<Marker>& expected) override {
    take_warm();
    known_.reset();
    const bool is_ours = expected && expected->uid == ids_.uid;
    if (!is_ours) SLUICE_TRY(begin_progress(expected));
    Failpoints& armed = *environment_.failpoints;
    SLUICE_TRY(write_claim());
    SLUICE_TRY(armed.hit(failpoints::after_claim));
    SLUICE_TRY(open_both());
    SLUICE_TRY(armed.hit(failpoints::after_open));
    SLUICE_ASSIGN(Marker marker, read_own_marker());
    SLUICE_TRY(armed.hit(failpoints::after_probe));
    if (marker.uid != ids_.uid && is_unused(marker)) {
      marker = {ids_.uid, ids_.owner, Epoch(0)};
      SLUICE_TRY(write_first_marker(marker));
    }
    known_ = marker;
    return marker;
  }

  Result<PublishOutcome> publish(const PublishRequest& request) override {
    SLUICE_TRY(check_after(request.after));
    SLUICE_ASSIGN(const std::vector<std::string> topics, topics_of(request));
    std::map<uint64_t, Reject> rejects;
    batching_ = Batching::full;
    for (int round = 0; round < publish_rounds; ++round) {
      SLUICE_ASSIGN(ProducerPtr producer, take_producer(topics));
      SLUICE_ASSIGN(const TransactionStep step, write_epoch(*producer, request, topics, rejects));
      if (step == TransactionStep::done) {
        producer.reset();
        known_ = marker_with(request);
        warm(topics);
        return PublishOutcome::published;
      }
      if (step == TransactionStep::unknown) {
        known_.reset();
        return PublishOutcome::unknown;
      }
      if (!found_refused_) return fail(producer->problem());
      batching_ = Batching::alone;
    }
    return fail(ErrorCode::publish_failed, "Kafka refuses records of this epoch again and again");
  }

  Result<Marker> resolve() override {
    take_warm();
    known_.reset();
    SLUICE_TRY(look_for_new_owner());
    SLUICE_TRY(open_both());
    SLUICE_ASSIGN(Marker marker, read_own_marker());
    known_ = marker;
    return marker;
  }

  Status write_through(uint32_t, std::string_view definition, std::string_view operation) override {
    return direct_.write(definition, operation);
  }
  Status send() override { return direct_.send(); }
  Status flush() override { return direct_.flush(); }

 private:
  std::string transactional_id(const char* suffix) const { return ids_.target_id + "." + suffix; }

  // Another state folder may have come first since the look, or have published; its owner must not
  // be thrown out.
  Status begin_progress(const std::optional<Marker>& expected) {
    SLUICE_TRY(progress_.create());
    SLUICE_ASSIGN(const Progress visible, progress_.read());
    if (visible.claim && visible.claim->uid == ids_.uid) return {};
    SLUICE_TRY(claim_marker(ids_, marker_of(visible), expected));
    return {};
  }

  // An ambiguous answer is no harm: the claim is written again, and the last one counts.
  Status write_claim() {
    const std::string text = encode_claim({ids_.uid, ids_.owner});
    Error last{ErrorCode::publish_failed, "writing the claim failed", Retry::later, {}};
    for (int attempt = 0; attempt < 3; ++attempt) {
      SLUICE_ASSIGN(
          const ProducerPtr producer,
          TransactionalProducer::open(connection_, transactional_id("claim"), {progress_.name()}));
      SLUICE_TRY(producer->begin());
      SLUICE_TRY(producer->produce(progress_.name(), progress_.partition(),
                                   ProgressTopic::claim_key, text, 0));
      if (producer->commit() == TransactionStep::done) return {};
      last = producer->problem();
    }
    return fail(std::move(last));
  }

  // A transaction cannot depend on what the progress topic shows, so the marker that was certain
  // last stands for it.
  Status check_after(const Marker& after) const {
    if (known_) return check_follows(ids_, *known_, after);
    return fail_retriable(ErrorCode::publish_failed,
                          "the marker of " + ids_.target_id + " is not certain yet");
  }

  // A new owner's instances are thrown out when ours are initialised: not without need.
  Status look_for_new_owner() {
    SLUICE_ASSIGN(const Progress visible, progress_.read());
    if (visible.claim && visible.claim->owner != ids_.owner) return fail(fenced(ids_));
    return {};
  }

  // Both ids: an open transaction of either would keep a probe from being read. The instances are
  // what the next epochs are written with, once the claim is known to be ours still.
  Status open_both() {
    ready_.clear();
    for (int i = 0; i < 2; ++i) {
      SLUICE_ASSIGN(ProducerPtr producer, open_next({}, Batching::full));
      ready_.push_back(std::move(producer));
    }
    return {};
  }

  // The definite marker, with an empty uid when there is none. Error fenced when the last claim is
  // not ours.
  Result<Marker> read_own_marker() {
    SLUICE_ASSIGN(const Progress progress, progress_.read_definitely());
    if (!progress.claim || progress.claim->owner != ids_.owner) return fail(fenced(ids_));
    // The marker record names the owner that published last; the claim says who owns it now.
    Marker marker = progress.marker.value_or(Marker{});
    marker.owner = ids_.owner;
    return marker;
  }

  Status write_first_marker(const Marker& marker) {
    SLUICE_ASSIGN(const ProducerPtr producer, take_producer({progress_.name()}));
    SLUICE_TRY(producer->begin());
    SLUICE_TRY(producer->produce(progress_.name(), progress_.partition(), ProgressTopic::marker_key,
                                 encode_marker(marker), 0));
    if (producer->commit() == TransactionStep::done) return {};
    return fail(producer->problem());
  }

  Result<std::vector<std::string>> topics_of(const PublishRequest& request) const {
    std::vector<std::string> topics;
    for (const std::string& definition : request.sinks) {
      SLUICE_ASSIGN(std::string topic, parse_definition(definition));
      topics.push_back(std::move(topic));
    }
    return topics;
  }

  Result<TransactionStep> write_epoch(TransactionalProducer& producer,
                                      const PublishRequest& request,
                                      const std::vector<std::string>& topics,
                                      std::map<uint64_t, Reject>& rejects) {
    Failpoints& armed = *environment_.failpoints;
    found_refused_ = false;
    SLUICE_TRY(producer.begin());
    SLUICE_TRY(armed.hit(failpoints::after_begin));
    SLUICE_TRY(produce_rows(producer, request, topics, rejects));
    SLUICE_TRY(armed.hit(failpoints::after_rows));
    std::vector<RefusedRecord> refused;
    if (const TransactionStep step = producer.flush(refused); step != TransactionStep::done) {
      found_refused_ = !refused.empty();
      if (batching_ == Batching::alone) SLUICE_TRY(note_refused(request, refused, rejects));
      return step;
    }
    Marker marker = marker_with(request);
    if (!rejects.empty()) {
      std::vector<Reject> list;
      for (const auto& [operation, reject] : rejects) list.push_back(reject);
      SLUICE_ASSIGN(marker.rejects_checksum, request.rejects->replace(list));
      SLUICE_TRY(armed.hit(failpoints::after_rejects));
    }
    SLUICE_TRY(producer.produce(progress_.name(), progress_.partition(), ProgressTopic::marker_key,
                                encode_marker(marker), 0));
    SLUICE_TRY(armed.hit(failpoints::after_marker));
    const TransactionStep step = producer.commit();
    if (step == TransactionStep::done && !armed.hit(failpoints::after_commit)) {
      return TransactionStep::unknown;
    }
    return step;
  }

  Status produce_rows(TransactionalProducer& producer, const PublishRequest& request,
                      const std::vector<std::string>& topics, std::map<uint64_t, Reject>& rejects) {
    SLUICE_TRY(request.operations->rewind());
    for (uint64_t index = 0;; ++index) {
      SLUICE_ASSIGN(const auto operation, request.operations->next());
      if (!operation) return {};
      if (rejects.contains(index)) continue;
      SLUICE_ASSIGN(const Operation record, parse_operation(operation->bytes));
      Status produced =
          producer.produce(topics[operation->sink], std::nullopt, record.key, record.value, index);
      if (produced) continue;
      if (produced.error().code != ErrorCode::sink_rejected) return produced;
      rejects[index] = {index, operation->sink, std::string(operation->bytes),
                        std::move(produced).error()};
    }
  }

  Status note_refused(const PublishRequest& request, const std::vector<RefusedRecord>& refused,
                      std::map<uint64_t, Reject>& rejects) {
    if (refused.empty()) return {};
    std::map<uint64_t, const Error*> by_index;
    for (const RefusedRecord& record : refused) by_index[record.tag] = &record.error;
    SLUICE_TRY(request.operations->rewind());
    for (uint64_t index = 0;; ++index) {
      SLUICE_ASSIGN(const auto operation, request.operations->next());
      if (!operation) return {};
      const auto found = by_index.find(index);
      if (found != by_index.end()) {
        rejects[index] = {index, operation->sink, std::string(operation->bytes), *found->second};
      }
    }
  }

  const char* next_id() {
    uses_second_ = !uses_second_;
    return uses_second_ ? "1" : "0";
  }

  Result<ProducerPtr> open_next(std::vector<std::string> topics, Batching batching) {
    topics.push_back(progress_.name());
    return TransactionalProducer::open(connection_, transactional_id(next_id()), topics, batching);
  }

  // An instance is ours to use only if the claim was ours after it was initialised. An owner that
  // claims later throws it out; one that claimed before shows in the read behind the probe.
  Result<ProducerPtr> open_checked(const std::vector<std::string>& topics, Batching batching) {
    SLUICE_ASSIGN(ProducerPtr producer, open_next(topics, batching));
    SLUICE_TRY(read_own_marker());
    return producer;
  }

  Result<ProducerPtr> take_producer(const std::vector<std::string>& topics) {
    take_warm();
    if (batching_ == Batching::alone) ready_.clear();  // the next one may have the same id
    if (ready_.empty()) {
      SLUICE_TRY(look_for_new_owner());
      return open_checked(topics, batching_);
    }
    ProducerPtr producer = std::move(ready_.front());
    ready_.pop_front();
    SLUICE_TRY(producer->learn(topics));
    return producer;
  }

  void warm(const std::vector<std::string>& topics) {
    if (!ready_.empty()) return;
    warm_ = std::async(std::launch::async, [this, topics] {
      return catch_exceptions("opening a Kafka producer",
                              [&] { return open_checked(topics, Batching::full); });
    });
  }

  // The background is at rest afterwards. What did not succeed there is tried again when needed.
  void take_warm() {
    if (!warm_.valid()) return;
    if (Result<ProducerPtr> warmed = warm_.get()) ready_.push_back(std::move(*warmed));
  }

  Environment environment_;
  Options connection_;
  PublisherIds ids_;
  ProgressTopic progress_;
  DirectProducer direct_;
  bool uses_second_ = true;
  bool found_refused_ = false;
  Batching batching_ = Batching::full;
  std::optional<Marker> known_;    // what the target shows; none while that is not certain
  std::deque<ProducerPtr> ready_;  // initialised while the claim was ours, not used yet
  // The last member: its end waits for the background, which uses those above.
  std::future<Result<ProducerPtr>> warm_;
};

}  // namespace

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request) {
  return std::make_unique<KafkaPublisher>(request, *request.connection);
}

}  // namespace sluice::kafka
