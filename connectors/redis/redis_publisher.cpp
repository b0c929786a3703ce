#include "connectors/redis/redis_publisher.hpp"

#include <algorithm>

#include "connectors/redis/failpoints.hpp"
#include "connectors/redis/redis_client.hpp"
#include "connectors/redis/redis_marker.hpp"
#include "connectors/redis/redis_operation.hpp"
#include "kit/marker_rules.hpp"

namespace sluice::redis {

namespace {

constexpr size_t chunk_operations = 1000;

// Some operations of an epoch, owned, with their index.
struct Chunk {
  struct Item {
    uint64_t index;
    uint32_t sink;
    std::string bytes;
  };
  std::vector<Item> items;
  bool is_last = false;
};

enum class Executed : uint8_t { done, not_ours, unknown };

class RedisPublisher final : public Publisher {
 public:
  RedisPublisher(const PublisherRequest& request, Options connection)
      : environment_(request.environment),
        connection_(std::move(connection)),
        ids_(request.ids),
        marker_key_("sluice:marker:" + request.ids.target_id) {}

  // Where it is: whatever a server itself could say of itself, it forgets with its data, and one
  // that came back empty must not pass for another one.
  Result<std::string> identity() override {
    SLUICE_ASSIGN(const Address address, parse_url(connection_.text("url")));
    const bool is_local = address.host == "127.0.0.1" || address.host == "::1";
    return "redis:" + (is_local ? "localhost" : address.host) + ":" + std::to_string(address.port) +
           "/" + std::to_string(address.database);
  }

  std::string marker_place() const override { return "key " + marker_key_; }

  Result<std::optional<Marker>> look() override {
    SLUICE_TRY(connect());
    SLUICE_TRY(check_policy());
    SLUICE_ASSIGN(const auto found, read_marker());
    return shown_by(found);
  }

  Result<Marker> claim(const std::optional<Marker>& expected) override {
    SLUICE_TRY(connect());
    SLUICE_TRY(client_->command({"WATCH", marker_key_}));
    SLUICE_ASSIGN(const auto found, read_marker());
    RedisMarker next = found.value_or(RedisMarker{});
    SLUICE_ASSIGN(next.marker, claim_marker(ids_, shown_by(found), expected));
    SLUICE_TRY(write_marker(next, ErrorCode::target_refused, "changed while it was claimed"));
    return next.marker;
  }

  Result<PublishOutcome> publish(const PublishRequest& request) override {
    SLUICE_TRY(connect());
    SLUICE_TRY(request.operations->rewind());
    SLUICE_ASSIGN(RedisMarker now, own_redis_marker());
    SLUICE_TRY(check_follows(ids_, now.marker, request.after));
    // A rejected operation may fit by now, so rejects are looked for again; what is written twice
    // is the same.
    const uint64_t done_before = now.has_open_rejects ? 0 : now.operations_done;
    rejects_.clear();
    std::optional<Chunk::Item> carried;
    for (uint64_t index = 0;;) {
      SLUICE_ASSIGN(const Chunk chunk, read_chunk(*request.operations, index, carried));
      index += chunk.items.size();
      if (index <= done_before && !chunk.is_last) continue;
      SLUICE_TRY(watch(chunk));
      SLUICE_ASSIGN(const std::vector<Operation> operations, parse_chunk(chunk));
      RedisMarker next{now.marker, index, !rejects_.empty()};
      if (chunk.is_last) {
        SLUICE_ASSIGN(next, marker_of_whole(request));
      }
      SLUICE_ASSIGN(const Executed executed, write_chunk(operations, now, next));
      if (executed != Executed::done) return PublishOutcome::unknown;
      const Failpoint& point =
          chunk.is_last ? failpoints::after_last_chunk : failpoints::after_chunk;
      if (!environment_.failpoints->hit(point)) return PublishOutcome::unknown;
      now = next;
      if (!chunk.is_last) continue;
      // Why, resolve() says: it waits again.
      return wait_for_replicas() ? PublishOutcome::published : PublishOutcome::unknown;
    }
  }

  Result<Marker> resolve() override {
    client_.reset();
    SLUICE_TRY(connect());
    SLUICE_TRY(client_->command({"WATCH", marker_key_}));
    SLUICE_ASSIGN(const RedisMarker marker, own_redis_marker());
    // Writing the marker again makes an EXEC of the lost connection that is still on its way fail.
    SLUICE_TRY(write_marker(marker, ErrorCode::publish_failed, "moved while it was read"));
    return marker.marker;
  }

  Status write_through(uint32_t, std::string_view, std::string_view bytes) override {
    SLUICE_TRY(connect());
    SLUICE_ASSIGN(const Operation operation, parse_operation(bytes));
    for (const Arguments& command : commands_of(operation)) {
      SLUICE_TRY(client_->append(command));
      ++pending_replies_;
      has_written_through_ = true;
    }
    return pending_replies_ >= chunk_operations ? read_replies() : Status{};
  }

  Status send() override { return read_replies(); }

  Status flush() override {
    SLUICE_TRY(read_replies());
    if (!has_written_through_) return {};
    // Only the connection that wrote can wait for what it wrote.
    if (!client_ || client_->is_broken())
      return fail_retriable(ErrorCode::connection_failed, "Redis: the connection was lost");
    SLUICE_TRY(wait_for_replicas());
    has_written_through_ = false;
    return {};
  }

 private:
  Status read_replies() {
    for (; pending_replies_ > 0; --pending_replies_) {
      Result<Reply> reply = client_->read();
      if (reply && (*reply)->type != REDIS_REPLY_ERROR) continue;
      const std::string message =
          reply ? std::string((*reply)->str, (*reply)->len) : reply.error().message;
      client_.reset();
      pending_replies_ = 0;
      return fail_retriable(ErrorCode::publish_failed, "Redis: " + message);
    }
    return {};
  }

  Status connect() {
    if (client_ && !client_->is_broken()) return {};
    client_.reset();
    pending_replies_ = 0;
    SLUICE_ASSIGN(RedisClient client, RedisClient::connect(connection_));
    client_.emplace(std::move(client));
    return {};
  }

  // allkeys-* would evict the marker. A server that hides its configuration is trusted.
  Status check_policy() {
    const Result<Reply> reply = client_->command({"CONFIG", "GET", "maxmemory-policy"});
    if (!reply) return client_->is_broken() ? Status(fail(reply.error())) : Status{};
    if ((*reply)->elements < 2) return {};
    const std::string policy((*reply)->element[1]->str, (*reply)->element[1]->len);
    if (!policy.starts_with("allkeys")) return {};
    return fail(ErrorCode::target_unsuitable,
                "Redis has maxmemory-policy " + policy + ", which may evict the marker",
                "set maxmemory-policy to noeviction or a volatile policy");
  }

  Result<std::optional<RedisMarker>> read_marker() {
    SLUICE_ASSIGN(const Reply reply, client_->command({"GET", marker_key_}));
    if (reply->type == REDIS_REPLY_NIL) return std::optional<RedisMarker>();
    SLUICE_ASSIGN(RedisMarker marker, decode_marker(std::string(reply->str, reply->len)));
    return std::optional<RedisMarker>(std::move(marker));
  }

  static std::optional<Marker> shown_by(const std::optional<RedisMarker>& found) {
    return found ? std::optional(found->marker) : std::nullopt;
  }

  Result<RedisMarker> own_redis_marker() {
    SLUICE_ASSIGN(const auto found, read_marker());
    SLUICE_TRY(own_marker(ids_, shown_by(found)));
    return *found;
  }

  // Its rejects are durable when this returns.
  Result<RedisMarker> marker_of_whole(const PublishRequest& request) {
    RedisMarker whole{marker_with(request)};
    if (rejects_.empty()) return whole;
    SLUICE_ASSIGN(whole.marker.rejects_checksum, request.rejects->replace(rejects_));
    SLUICE_TRY(environment_.failpoints->hit(failpoints::after_rejects));
    return whole;
  }

  // MULTI, the commands, EXEC. not_ours: a watched key changed.
  Result<Executed> execute(const std::vector<Arguments>& commands) {
    SLUICE_TRY(client_->append({"MULTI"}));
    for (const Arguments& command : commands) SLUICE_TRY(client_->append(command));
    SLUICE_TRY(client_->append({"EXEC"}));
    for (size_t i = 0; i <= commands.size(); ++i) {
      if (const auto queued = client_->read(); !queued) return Executed::unknown;
    }
    const Result<Reply> executed = client_->read();
    if (!executed) return Executed::unknown;
    if ((*executed)->type == REDIS_REPLY_NIL) return Executed::not_ours;
    if ((*executed)->type == REDIS_REPLY_ERROR) {
      // EXECABORT: a command was refused when it was queued; nothing was executed.
      return fail_retriable(ErrorCode::publish_failed,
                            "Redis: " + std::string((*executed)->str, (*executed)->len));
    }
    for (size_t i = 0; i < (*executed)->elements; ++i) {
      const redisReply* reply = (*executed)->element[i];
      if (reply->type != REDIS_REPLY_ERROR) continue;
      // Nothing takes the others back, the marker among them: all that is left is to say so.
      return fail(
          ErrorCode::target_refused,
          "Redis failed " + commands[i][0] + " of key " + commands[i][1] +
              " inside a transaction and kept the rest: " + std::string(reply->str, reply->len),
          "write that key again from the source, then start again");
    }
    return Executed::done;
  }

  // The next operations from `index` on. `carried` is the one read ahead, to know which chunk is
  // the last.
  Result<Chunk> read_chunk(OperationReader& reader, uint64_t index,
                           std::optional<Chunk::Item>& carried) {
    Chunk chunk;
    while (true) {
      if (carried) {
        if (chunk.items.size() == chunk_operations) return chunk;
        chunk.items.push_back(std::move(*carried));
        carried.reset();
      }
      SLUICE_ASSIGN(const auto operation, reader.next());
      if (!operation) {
        chunk.is_last = true;
        return chunk;
      }
      carried =
          Chunk::Item{index + chunk.items.size(), operation->sink, std::string(operation->bytes)};
    }
  }

  // Another client that changes the type of a key after it was looked at makes EXEC do nothing.
  Status watch(const Chunk& chunk) {
    Arguments command = {"WATCH", marker_key_};
    for (const Chunk::Item& item : chunk.items) {
      SLUICE_ASSIGN(const Operation operation, parse_operation(item.bytes));
      command.emplace_back(operation.key);
    }
    SLUICE_TRY(client_->command(command));
    return {};
  }

  // The operations to write. Those on keys of another type would fail inside the transaction,
  // which nothing rolls back: they are rejects.
  Result<std::vector<Operation>> parse_chunk(const Chunk& chunk) {
    std::vector<Operation> operations;
    for (const Chunk::Item& item : chunk.items) {
      SLUICE_ASSIGN(Operation operation, parse_operation(item.bytes));
      operations.push_back(std::move(operation));
      SLUICE_TRY(client_->append({"TYPE", std::string(operations.back().key)}));
    }
    std::vector<Operation> kept;
    for (size_t i = 0; i < operations.size(); ++i) {
      SLUICE_ASSIGN(const Reply type, client_->read());
      if (type->type == REDIS_REPLY_ERROR) {
        client_.reset();  // the other replies are still on their way
        return fail(error_of_reply(*type));
      }
      const std::string name(type->str == nullptr ? "" : type->str, type->len);
      if (!fits_type(operations[i], name)) {
        const Chunk::Item& item = chunk.items[i];
        rejects_.push_back({item.index,
                            item.sink,
                            item.bytes,
                            {ErrorCode::sink_rejected,
                             "Redis key " + std::string(operations[i].key) + " is a " + name,
                             Retry::never,
                             {}}});
      } else {
        kept.push_back(std::move(operations[i]));
      }
    }
    return kept;
  }

  Result<Executed> write_chunk(const std::vector<Operation>& operations, const RedisMarker& now,
                               const RedisMarker& next) {
    SLUICE_ASSIGN(const auto found, read_marker());
    if (!found || encode_marker(*found) != encode_marker(now)) return Executed::not_ours;
    std::vector<Arguments> commands;
    for (const Operation& operation : operations) {
      for (Arguments& command : commands_of(operation)) commands.push_back(std::move(command));
    }
    commands.push_back({"SET", marker_key_, encode_marker(next)});
    return execute(commands);
  }

  // Over the one that is watched; what it did otherwise is the error.
  Status write_marker(const RedisMarker& marker, ErrorCode code, const char* otherwise) {
    SLUICE_ASSIGN(const Executed executed, execute({{"SET", marker_key_, encode_marker(marker)}}));
    if (executed != Executed::done)
      return fail_retriable(code, "the marker of " + ids_.target_id + " " + otherwise);
    return wait_for_replicas();
  }

  // Until as many replicas as were asked for have all that this connection wrote. A marker that
  // only the primary shows is none: a replica that takes its place would not show it, and the spool
  // would be gone.
  Status wait_for_replicas() {
    const int64_t wanted = connection_.integer("wait_replicas");
    if (wanted == 0) return {};
    // Redis must answer before the client gives the connection up.
    const int64_t wait_ms = std::max<int64_t>(1, connection_.duration_us("timeout") / 2'000);
    SLUICE_ASSIGN(const Reply reply,
                  client_->command({"WAIT", std::to_string(wanted), std::to_string(wait_ms)}));
    if (reply->integer >= wanted) return {};
    return fail_retriable(ErrorCode::publish_failed,
                          std::to_string(reply->integer) + " of the " + std::to_string(wanted) +
                              " replicas that wait_replicas asks for have acknowledged within " +
                              std::to_string(wait_ms) + " ms",
                          "see INFO replication on the server, or lower wait_replicas");
  }

  Environment environment_;
  Options connection_;
  PublisherIds ids_;
  std::string marker_key_;
  std::optional<RedisClient> client_;
  std::vector<Reject> rejects_;
  size_t pending_replies_ = 0;
  bool has_written_through_ = false;  // since the last flush
};

}  // namespace

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request) {
  SLUICE_TRY(parse_url(request.connection->text("url")));
  return std::make_unique<RedisPublisher>(request, *request.connection);
}

}  // namespace sluice::redis
