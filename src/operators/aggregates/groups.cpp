#include "operators/aggregates/groups.hpp"

namespace sluice {

namespace {

constexpr int64_t no_time = INT64_MIN;
constexpr char sent_mark = 1;

}  // namespace

Groups::Groups(const AggregateLayout& layout, bool retractable)
    : table_(layout, {retractable ? AccumulatorMode::retractable : AccumulatorMode::insert_only,
                      std::string(), this}) {}

void Groups::resize() {
  const size_t ids = table_.keys().id_bound();
  if (ids <= sent_.size()) return;
  times_us_.resize(ids, no_time);
  sent_.resize(ids);
}

void Groups::intern(const RecordBatch& batch, const BatchKeys& keys, std::span<const uint32_t> rows,
                    std::vector<uint32_t>& ids) {
  table_.intern(batch, keys, rows, ids);
  resize();
}

void Groups::merge(const AggregateTable& from, std::span<const uint32_t> from_ids,
                   std::vector<uint32_t>& ids) {
  table_.merge(from, from_ids);
  resize();
  ids.clear();
  for (const uint32_t id : from_ids) ids.push_back(table_.find(from, id));
}

int64_t Groups::time_us(uint32_t id) const {
  return times_us_[id] == no_time ? INT64_MAX : times_us_[id];
}

void Groups::erase(uint32_t id) {
  set_sent(id, std::nullopt);
  times_us_[id] = no_time;
  table_.erase(id);
}

void Groups::set_sent(uint32_t id, std::optional<std::string_view> result) {
  SentResult& sent = sent_[id];
  sent_bytes_ -= sent.owned_bytes();
  if (result) {
    sent.set(*result);
  } else {
    sent.clear();
  }
  sent_bytes_ += sent.owned_bytes();
  table_.touch(id);
}

uint64_t Groups::bytes() const {
  return table_.allocated_bytes() + times_us_.capacity() * sizeof(int64_t) +
         sent_.capacity() * sizeof(SentResult) + sent_bytes_;
}

void Groups::save(uint32_t id, std::string& out) const {
  append_value(times_us_[id], out);
  const std::optional<std::string_view> sent = sent_[id].get();
  append_length(sent ? sent->size() + 1 : 0, out);
  if (sent) out.append(1, sent_mark).append(*sent);
}

void Groups::load(uint32_t id, StateBytesReader& bytes) {
  resize();
  times_us_[id] = bytes.take<int64_t>();
  const std::string_view sent = bytes.take_text();
  if (!sent.empty()) sent_[id].set(sent.substr(1));
  sent_bytes_ += sent_[id].owned_bytes();
}

}  // namespace sluice
